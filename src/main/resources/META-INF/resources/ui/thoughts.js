// Separates the reasoning of a model from its answer. Some models write both into one text, with the
// reasoning between tags such as <think> and </think>.

const TAG = /(<\/?think(?:ing)?>)/i;

/** Splits a text into parts with reasoning and parts with text. A tag after a backtick is normal text. */
export function splitReasoning(text) {
  const pieces = text.split(TAG);
  const parts = [];
  let current = pieces[0];
  let opening;
  let reasoning = '';
  for (let i = 1; i < pieces.length; i += 2) {
    const [before, tag, after] = [pieces[i - 1], pieces[i], pieces[i + 1]];
    const closes = tag.startsWith('</');
    if (opening === undefined && !closes && !before.endsWith('`')) {
      parts.push({ kind: 'text', text: current });
      [opening, reasoning, current] = [tag, after, ''];
    } else if (opening !== undefined && closes) {
      parts.push({ kind: 'reasoning', text: reasoning.trim() });
      [opening, current] = [undefined, after];
    } else if (closes && i === 1 && isAtLineEdge(before, after)) {
      // The opening tag was part of the prompt.
      parts.push({ kind: 'reasoning', text: current.trim() });
      current = after;
    } else if (opening !== undefined) {
      reasoning += tag + after;
    } else {
      current += tag + after;
    }
  }
  if (opening !== undefined) {
    addUnclosed(parts, opening, reasoning);
  }
  parts.push({ kind: 'text', text: current });
  return parts.filter((part) => part.text.trim() !== '');
}

function isAtLineEdge(before, after) {
  return /\n[ \t]*$/.test(before.slice(-20)) || /^[ \t]*(\n|\r|$)/.test(after.slice(0, 20));
}

/** A tag without a closing tag: the rest is reasoning, unless there was text before the tag. */
function addUnclosed(parts, opening, reasoning) {
  if (parts.every((part) => part.text.trim() === '')) {
    parts.push({ kind: 'reasoning', text: reasoning.trim() });
  } else {
    parts.at(-1).text += opening + reasoning;
  }
}

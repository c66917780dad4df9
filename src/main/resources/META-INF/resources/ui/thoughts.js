// Models that think aloud do so between tags, in the very text that they answer with.

const TAG = /(<\/?think(?:ing)?>)/i;

/** The parts of a text: what was thought, and what was said. In code, a tag is only spoken of. */
export function thoughts(text) {
  const pieces = text.split(TAG);
  const parts = [];
  let said = pieces[0];
  let opening;
  let thought = '';
  for (let i = 1; i < pieces.length; i += 2) {
    const [before, tag, after] = [pieces[i - 1], pieces[i], pieces[i + 1]];
    const closes = tag.startsWith('</');
    if (opening === undefined && !closes && !before.endsWith('`')) {
      parts.push({ kind: 'text', text: said });
      [opening, thought, said] = [tag, after, ''];
    } else if (opening !== undefined && closes) {
      parts.push({ kind: 'reasoning', text: thought.trim() });
      [opening, said] = [undefined, after];
    } else if (closes && i === 1 && standsAlone(before, after)) {
      // The opening tag was part of the prompt.
      parts.push({ kind: 'reasoning', text: said.trim() });
      said = after;
    } else if (opening !== undefined) {
      thought += tag + after;
    } else {
      said += tag + after;
    }
  }
  if (opening !== undefined) {
    cutOff(parts, opening, thought);
  }
  parts.push({ kind: 'text', text: said });
  return parts.filter((part) => part.text.trim() !== '');
}

function standsAlone(before, after) {
  return /\n[ \t]*$/.test(before.slice(-20)) || /^[ \t]*(\n|\r|$)/.test(after.slice(0, 20));
}

/** A tag that is never closed: what follows was being thought, unless something was said before. */
function cutOff(parts, opening, thought) {
  if (parts.every((part) => part.text.trim() === '')) {
    parts.push({ kind: 'reasoning', text: thought.trim() });
  } else {
    parts.at(-1).text += opening + thought;
  }
}

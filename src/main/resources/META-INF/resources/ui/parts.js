// What a turn says, in whatever shape its platform says it, as parts of a few kinds:
//
//   { kind: 'text', text }                           what was said
//   { kind: 'reasoning', text }                      what a model thought; '' where that is withheld
//   { kind: 'refusal', text }                        why a model did not answer
//   { kind: 'call', name, input }                    a tool that is called; input is JSON or text
//   { kind: 'result', name, failed, parts }          what a tool gave back
//   { kind: 'media', label, name, url, type }        a picture, a file; all but the label may be undefined
//   { kind: 'choices', choices: [{ title, value }] } buttons and quick replies
//   { kind: 'data', title, value }                   JSON of any other shape
import { isObject, stringOf } from './json.js';
import { richParts } from './rich.js';
import { callIn, parsed, read, words } from './shapes.js';
import { thoughts } from './thoughts.js';

/** Who writes Markdown. */
export function isModel(role) {
  return role === 'assistant' || role === 'system';
}

export function partsOf(turn) {
  const metadata = isObject(turn.metadata) ? turn.metadata : {};
  let said = read(turn.content);
  if (said.length === 0) {
    // Where the platform puts it elsewhere, or in a shape that is no content of Parley's.
    said = read(metadata.content ?? metadata.parts ?? metadata.message ?? metadata.text);
  }
  if (turn.role === 'assistant') {
    said = said.flatMap((part) => part.kind === 'text' ? thoughts(part.text) : [part]);
  }
  return joined([
    ...unlessIn(said, thoughtBeside(metadata)),
    ...said,
    ...unlessIn(said, saidBeside(metadata)),
    ...unlessIn(said, richBeside(metadata)),
  ]);
}

/** Some platforms say a thing in the content and beside it. */
function unlessIn(said, beside) {
  const kinds = new Set(said.map((part) => part.kind));
  return beside.filter(({ kind }) => kind === 'text' || !kinds.has(kind));
}

/** Fields of a message that stand beside its content, and come as metadata. */
function thoughtBeside(metadata) {
  const names = ['reasoning_content', 'reasoningContent', 'reasoning', 'thinking'];
  const thought = names.map((name) => metadata[name])
    .find((value) => typeof value === 'string' || Array.isArray(value));
  const text = words(thought).join('\n');
  return text === '' ? [] : [{ kind: 'reasoning', text }];
}

function saidBeside(metadata) {
  const refusal = stringOf(metadata, 'refusal');
  const calls = [metadata.tool_calls, metadata.toolCalls, metadata.function_call, metadata.functionCall];
  return [
    ...refusal === undefined ? [] : [{ kind: 'refusal', text: refusal }],
    ...calls.flat().filter(isObject).flatMap(callIn),
  ];
}

/** Pictures and buttons: Rasa's are in its "data". Documents there are what an answer was made from. */
function richBeside({ documents, document, ...metadata }) {
  const data = typeof metadata.data === 'string' ? parsed(metadata.data) : metadata.data;
  return [...richParts(metadata), ...isObject(data) ? [...richParts(data), ...custom(data.custom)] : []];
}

/** Rasa's own name for what only the channel understands. */
function custom(value) {
  return isObject(value) && Object.keys(value).length > 0 ? [{ kind: 'data', title: 'Custom', value }] : [];
}

/** Buttons that come one by one are one choice. */
function joined(parts) {
  const all = [];
  for (const part of parts) {
    if (part.kind === 'choices' && all.at(-1)?.kind === 'choices') {
      all.at(-1).choices.push(...part.choices);
    } else {
      all.push(part);
    }
  }
  return all;
}

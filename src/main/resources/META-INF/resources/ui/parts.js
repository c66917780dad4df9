// Converts the content of a turn, in the format of any platform, to parts of these kinds:
//
//   { kind: 'text', text }                           a text
//   { kind: 'reasoning', text }                      the reasoning of a model; '' if it is withheld
//   { kind: 'refusal', text }                        why a model did not answer
//   { kind: 'call', name, input }                    a call of a tool; input is JSON or text
//   { kind: 'result', name, failed, parts }          the result of a tool
//   { kind: 'media', label, name, url, type }        a picture or a file; all fields except the label may be undefined
//   { kind: 'choices', choices: [{ title, value }] } buttons and quick replies
//   { kind: 'data', title, value }                   JSON of any other shape
import { isObject, stringOf } from './json.js';
import { richParts } from './rich.js';
import { callIn, parseIfJson, read, textsIn } from './shapes.js';
import { splitReasoning } from './thoughts.js';

/** Whether turns of this role contain Markdown. */
export function isModel(role) {
  return role === 'assistant' || role === 'system';
}

export function partsOf(turn) {
  const metadata = isObject(turn.metadata) ? turn.metadata : {};
  let parts = read(turn.content);
  if (parts.length === 0) {
    // Some platforms put the content into another field, or use a format that Parley does not accept as content.
    parts = read(metadata.content ?? metadata.parts ?? metadata.message ?? metadata.text);
  }
  if (turn.role === 'assistant') {
    parts = parts.flatMap((part) => part.kind === 'text' ? splitReasoning(part.text) : [part]);
  }
  return withJoinedChoices([
    ...withoutRepeated(reasoningIn(metadata), parts),
    ...parts,
    ...withoutRepeated(refusalAndCallsIn(metadata), parts),
    ...withoutRepeated(mediaAndChoicesIn(metadata), parts),
  ]);
}

/** Leaves out parts of the metadata whose kind the content has already: some platforms send both. */
function withoutRepeated(metadataParts, contentParts) {
  const kinds = new Set(contentParts.map((part) => part.kind));
  return metadataParts.filter(({ kind }) => kind === 'text' || !kinds.has(kind));
}

/** The reasoning in the metadata, where Parley stores the further fields of a message. */
function reasoningIn(metadata) {
  const names = ['reasoning_content', 'reasoningContent', 'reasoning', 'thinking'];
  const reasoning = names.map((name) => metadata[name])
    .find((value) => typeof value === 'string' || Array.isArray(value));
  const text = textsIn(reasoning).join('\n');
  return text === '' ? [] : [{ kind: 'reasoning', text }];
}

function refusalAndCallsIn(metadata) {
  const refusal = stringOf(metadata, 'refusal');
  const calls = [metadata.tool_calls, metadata.toolCalls, metadata.function_call, metadata.functionCall];
  return [
    ...refusal === undefined ? [] : [{ kind: 'refusal', text: refusal }],
    ...calls.flat().filter(isObject).flatMap(callIn),
  ];
}

/** Pictures and buttons; Rasa has them in "data". Documents are left out: they are sources of the answer. */
function mediaAndChoicesIn({ documents, document, ...metadata }) {
  const data = typeof metadata.data === 'string' ? parseIfJson(metadata.data) : metadata.data;
  return [...richParts(metadata), ...isObject(data) ? [...richParts(data), ...customPart(data.custom)] : []];
}

/** Rasa's field "custom" contains data that only the channel understands. */
function customPart(value) {
  return isObject(value) && Object.keys(value).length > 0 ? [{ kind: 'data', title: 'Custom', value }] : [];
}

/** Joins adjacent parts with choices to one part. */
function withJoinedChoices(parts) {
  const joined = [];
  for (const part of parts) {
    if (part.kind === 'choices' && joined.at(-1)?.kind === 'choices') {
      joined.at(-1).choices.push(...part.choices);
    } else {
      joined.push(part);
    }
  }
  return joined;
}

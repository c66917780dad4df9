// Reads the content formats of platforms: those of OpenAI (Chat Completions, Responses, Assistants),
// Anthropic, Bedrock, Gemini, Vercel's AI SDK, LangChain, OpenTelemetry's GenAI conventions, MCP and Rasa.
// Each format is converted to parts of the kinds that parts.js lists.
import { isObject, parse, stringOf } from './json.js';
import { cardParts, choicesIn, mediaLabel, mediaParts, richParts } from './rich.js';

/** @param value the content, or a part of it */
export function read(value) {
  if (value === undefined || value === null) {
    return [];
  }
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : [{ kind: 'text', text: value }];
  }
  if (Array.isArray(value)) {
    return value.flatMap(read);
  }
  return isObject(value) ? readObject(value) : [{ kind: 'text', text: JSON.stringify(value) }];
}

/** They are called in this order with the type and the members of a part. The first that returns parts wins. */
const READERS = [reasoning, refusal, toolResult, toolCall, media, choices, text, nested];

function readObject(part) {
  const { type, body } = unwrapped(part);
  for (const reader of READERS) {
    const parts = reader(type, body);
    if (parts !== undefined) {
      return parts;
    }
  }
  const rich = richParts(body);
  const title = [part.type, part.name].filter((word) => typeof word === 'string').join(' · ');
  return rich.length > 0 ? rich : [{ kind: 'data', title: title || 'Part', value: part }];
}

/** Removes separators and case: 'tool_use', 'toolUse' and 'tool-use' become equal. */
function normalized(name) {
  return name.replace(/[-_.\s]/g, '').toLowerCase();
}

/** Member names that replace a missing type, as in {"toolUse": {"name": …}}. */
const WRAPPERS = /^(tooluse|toolcall|toolresult|functioncall|functionresponse|executablecode|codeexecutionresult|reasoningcontent|inlinedata|filedata|image|document|audio|video|text)$/;

/** The type of a part, and its members together with those of the object that it wraps. */
function unwrapped(part) {
  const type = typeof part.type === 'string' ? normalized(part.type) : undefined;
  const wrapper = Object.keys(part).find((key) => isObject(part[key])
    && (type === undefined ? WRAPPERS.test(normalized(key)) : normalized(key) === type));
  if (wrapper === undefined) {
    return withToolName(type ?? '', part);
  }
  const { [wrapper]: inner, ...rest } = part;
  return { type: type ?? normalized(wrapper), body: { ...rest, ...inner } };
}

/** In Vercel's format, the type may contain the name of the tool, as in "tool-weather". */
function withToolName(type, part) {
  const isNamed = type.startsWith('tool') && part.type.startsWith('tool-') && !/^tool(call|result|error)/.test(type);
  return isNamed ? { type: 'toolcall', body: { ...part, name: part.type.slice(5) } } : { type, body: part };
}

const TEXT_NAMES = ['text', 'value', 'thinking', 'reasoning', 'thought', 'reasoningText', 'reasoning_text',
  'summary', 'refusal', 'content'];

/** The texts in a value, in all members that usually contain a text. */
export function textsIn(value) {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(textsIn);
  }
  return isObject(value) ? TEXT_NAMES.flatMap((name) => textsIn(value[name])) : [];
}

function reasoning(type, body) {
  return /^(redacted)?(reasoning|thinking|thought)(content|text)?$/.test(type) || body.thought === true
    ? [{ kind: 'reasoning', text: textsIn(body).join('\n') }]
    : undefined;
}

function refusal(type, body) {
  return type === 'refusal' || (typeof body.refusal === 'string' && body.text === undefined)
    ? [{ kind: 'refusal', text: textsIn(body).join('\n') }]
    : undefined;
}

function toolCall(type, body) {
  return /^(|server|mcp)tooluse$|^function$|^toolinvocation$|^dynamictool$|^executablecode$|call$/.test(type)
    ? callParts(body)
    : undefined;
}

/** The parts of an object that is known to be a call of a tool, whatever its type. */
export function callIn(part) {
  return callParts(unwrapped(part).body);
}

/** The call, and its result if the same object contains it. */
function callParts(body) {
  const inner = isObject(body.function) ? { ...body, ...body.function } : body;
  const name = stringOf(inner, 'name', 'toolName', 'tool_name', 'language')
    ?? (typeof inner.type === 'string' ? inner.type.replace(/[-_]?call$/i, '') : undefined);
  const rawInput = inner.input ?? inner.args ?? inner.arguments ?? inner.parameters ?? inner.action ?? inner.code;
  const input = typeof rawInput === 'string' ? parseIfJson(rawInput) : rawInput;
  const output = inner.output ?? inner.result;
  return [
    { kind: 'call', name, input },
    ...output === undefined || output === null ? [] : [resultPart(inner, output)],
  ];
}

function toolResult(type, body) {
  if (!/^(tool|function|mcp|codeexecution|websearch|webfetch|bash|customtool|computer).*(result|response|output|error)$/.test(type)) {
    return undefined;
  }
  const value = body.output ?? body.result ?? body.response ?? body.content ?? body.error;
  return value === undefined ? undefined : [resultPart(body, value)];
}

function resultPart(body, value) {
  return {
    kind: 'result',
    name: stringOf(body, 'name', 'toolName', 'tool_name',
      'tool_use_id', 'toolUseId', 'call_id', 'tool_call_id', 'toolCallId', 'id'),
    failed: body.is_error === true || body.isError === true || /^(error|failed)$/i.test(stringOf(body, 'status')),
    parts: outputParts(value),
  };
}

/** The output of a tool: its parts if it is a content, otherwise all of it as JSON. */
function outputParts(value) {
  const parts = read(value);
  const isContent = !isObject(value) || parts.every((part) => part.kind !== 'data');
  return isContent && !isOwnJson(value) ? parts : [{ kind: 'data', value }];
}

/** The own JSON of a tool may have a member "text" or "content" among others, but is not a content. */
function isOwnJson(value) {
  return isObject(value) && typeof value.type !== 'string' && Object.keys(value).length > 1;
}

function media(type, body) {
  const label = mediaLabel(type);
  if (label === undefined) {
    return undefined;
  }
  const list = Object.entries(body).find(([key, value]) => normalized(key) === type && Array.isArray(value))?.[1];
  return list === undefined ? mediaParts(label, body) : list.flatMap((each) => mediaParts(label, each));
}

function choices(type, body) {
  if (/^(button|quickreply|suggestion|option|choice|chip)$/.test(type)) {
    return unlessEmpty(choicesIn([body]));
  }
  if (/^(buttons|quickreplies|suggestions|suggestedactions|options|choices|chips)$/.test(type)) {
    return unlessEmpty(choicesIn(Object.values(body).find(Array.isArray)));
  }
  return /^(cards?|carousel|elements?|template|genericelement)$/.test(type) ? unlessEmpty(cardParts(body)) : undefined;
}

function unlessEmpty(parts) {
  return parts.length > 0 ? parts : undefined;
}

function text(type, body) {
  if (typeof body.text !== 'string' && !/text$|^(markdown|string|paragraph|message)$/.test(type)) {
    return undefined;
  }
  const value = typeof body.text === 'string' ? body.text : body.value ?? body.content ?? body.markdown ?? body.body;
  return value === undefined || value === null ? undefined : [...read(value), ...richParts(body)];
}

/** A part that contains a message or further parts. */
function nested(type, body) {
  const inner = body.content ?? body.parts;
  return typeof inner === 'string' || Array.isArray(inner) ? read(inner) : undefined;
}

/** The parsed JSON of a text; the text itself if it is not JSON. */
export function parseIfJson(text) {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

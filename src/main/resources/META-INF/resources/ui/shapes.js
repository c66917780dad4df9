// The shapes that platforms give to a content: those of OpenAI (Chat Completions, Responses, Assistants),
// Anthropic, Bedrock, Gemini, Vercel's AI SDK, LangChain, OpenTelemetry's GenAI conventions, MCP and Rasa.
// Each is read as parts of the kinds that parts.js names.
import { isObject, parse, stringOf } from './json.js';
import { card, choicesIn, mediaLabel, medium, richParts } from './rich.js';

/** @param value a content, or a part of one */
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

/** Asked one after the other with a part's type and its members; one that knows it gives parts. */
const READERS = [reasoning, refusal, toolResult, toolCall, media, choices, text, nested];

function readObject(part) {
  const { type, body } = opened(part);
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

/** 'tool_use', 'toolUse' and 'tool-use' are one. */
function squashed(name) {
  return name.replace(/[-_.\s]/g, '').toLowerCase();
}

/** Names that stand for a type where there is none, as in {"toolUse": {"name": …}}. */
const WRAPPERS = /^(tooluse|toolcall|toolresult|functioncall|functionresponse|executablecode|codeexecutionresult|reasoningcontent|inlinedata|filedata|image|document|audio|video|text)$/;

/** The type of a part, and its members with those of the object that is wrapped in it. */
function opened(part) {
  const type = typeof part.type === 'string' ? squashed(part.type) : undefined;
  const wrapper = Object.keys(part).find((key) => isObject(part[key])
    && (type === undefined ? WRAPPERS.test(squashed(key)) : squashed(key) === type));
  if (wrapper === undefined) {
    return ofNamedTool(type ?? '', part);
  }
  const { [wrapper]: inner, ...rest } = part;
  return { type: type ?? squashed(wrapper), body: { ...rest, ...inner } };
}

/** Vercel's types of parts may name the tool, as in "tool-weather". */
function ofNamedTool(type, part) {
  const isNamed = type.startsWith('tool') && part.type.startsWith('tool-') && !/^tool(call|result|error)/.test(type);
  return isNamed ? { type: 'toolcall', body: { ...part, name: part.type.slice(5) } } : { type, body: part };
}

const WORDS = ['text', 'value', 'thinking', 'reasoning', 'thought', 'reasoningText', 'reasoning_text',
  'summary', 'refusal', 'content'];

/** The texts in it, wherever they usually stand. */
export function words(value) {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(words);
  }
  return isObject(value) ? WORDS.flatMap((name) => words(value[name])) : [];
}

function reasoning(type, body) {
  return /^(redacted)?(reasoning|thinking|thought)(content|text)?$/.test(type) || body.thought === true
    ? [{ kind: 'reasoning', text: words(body).join('\n') }]
    : undefined;
}

function refusal(type, body) {
  return type === 'refusal' || (typeof body.refusal === 'string' && body.text === undefined)
    ? [{ kind: 'refusal', text: words(body).join('\n') }]
    : undefined;
}

function toolCall(type, body) {
  return /^(|server|mcp)tooluse$|^function$|^toolinvocation$|^dynamictool$|^executablecode$|call$/.test(type)
    ? call(body)
    : undefined;
}

/** Of one that is known to be a call, whatever its type. */
export function callIn(part) {
  return call(opened(part).body);
}

/** The call, and what it gave back where that stands beside it. */
function call(body) {
  const inner = isObject(body.function) ? { ...body, ...body.function } : body;
  const name = stringOf(inner, 'name', 'toolName', 'tool_name', 'language')
    ?? (typeof inner.type === 'string' ? inner.type.replace(/[-_]?call$/i, '') : undefined);
  const given = inner.input ?? inner.args ?? inner.arguments ?? inner.parameters ?? inner.action ?? inner.code;
  const input = typeof given === 'string' ? parsed(given) : given;
  const gave = inner.output ?? inner.result;
  return [
    { kind: 'call', name, input },
    ...gave === undefined || gave === null ? [] : [result(inner, gave)],
  ];
}

function toolResult(type, body) {
  if (!/^(tool|function|mcp|codeexecution|websearch|webfetch|bash|customtool|computer).*(result|response|output|error)$/.test(type)) {
    return undefined;
  }
  const value = body.output ?? body.result ?? body.response ?? body.content ?? body.error;
  return value === undefined ? undefined : [result(body, value)];
}

function result(body, value) {
  return {
    kind: 'result',
    name: stringOf(body, 'name', 'toolName', 'tool_name',
      'tool_use_id', 'toolUseId', 'call_id', 'tool_call_id', 'toolCallId', 'id'),
    failed: body.is_error === true || body.isError === true || /^(error|failed)$/i.test(stringOf(body, 'status')),
    parts: given(value),
  };
}

/** Content where it is content, and else the JSON that it is. */
function given(value) {
  const parts = read(value);
  const isContent = !isObject(value) || parts.every((part) => part.kind !== 'data');
  return isContent && !wrapsMore(value) ? parts : [{ kind: 'data', value }];
}

/** A tool's own JSON may have a member "text" or "content" among others. */
function wrapsMore(value) {
  return isObject(value) && typeof value.type !== 'string' && Object.keys(value).length > 1;
}

function media(type, body) {
  const label = mediaLabel(type);
  if (label === undefined) {
    return undefined;
  }
  const list = Object.entries(body).find(([key, value]) => squashed(key) === type && Array.isArray(value))?.[1];
  return list === undefined ? medium(label, body) : list.flatMap((each) => medium(label, each));
}

function choices(type, body) {
  if (/^(button|quickreply|suggestion|option|choice|chip)$/.test(type)) {
    return someOf(choicesIn([body]));
  }
  if (/^(buttons|quickreplies|suggestions|suggestedactions|options|choices|chips)$/.test(type)) {
    return someOf(choicesIn(Object.values(body).find(Array.isArray)));
  }
  return /^(cards?|carousel|elements?|template|genericelement)$/.test(type) ? someOf(card(body)) : undefined;
}

function someOf(parts) {
  return parts.length > 0 ? parts : undefined;
}

function text(type, body) {
  if (typeof body.text !== 'string' && !/text$|^(markdown|string|paragraph|message)$/.test(type)) {
    return undefined;
  }
  const said = typeof body.text === 'string' ? body.text : body.value ?? body.content ?? body.markdown ?? body.body;
  return said === undefined || said === null ? undefined : [...read(said), ...richParts(body)];
}

/** A message in a message. */
function nested(type, body) {
  const inner = body.content ?? body.parts;
  return typeof inner === 'string' || Array.isArray(inner) ? read(inner) : undefined;
}

/** A text that is JSON as that, any other as it is. */
export function parsed(text) {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

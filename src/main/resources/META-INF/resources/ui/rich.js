// Reads pictures, files, buttons and cards. The UI loads none of them, since this would be a request to a
// server of the content's author.
import { isObject, stringOf, values } from './json.js';

const KINDS = [
  [/^(input|output)?(image|picture|photo|sticker)s?(url|file)?s?$/, 'Image'],
  [/^(input|output)?(audio|voice)s?(url|file)?s?$/, 'Audio'],
  [/^(input|output)?videos?(url|file)?s?$/, 'Video'],
  [/^(input|output)?(document|pdf)s?(url|file)?s?$/, 'Document'],
  [/^(input|output)?(file|blob|attachment|media|resource|resourcelink|uri|inlinedata|filedata)s?(url)?$/, 'File'],
];

/** The label for a type of media; undefined if it is another type. */
export function mediaLabel(type) {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1];
}

/** The parts in fields with names such as Rasa's "buttons" and "image". Other fields are ignored. */
export function richParts(object) {
  return Object.entries(object).flatMap(([key, value]) => {
    const name = key.replace(/[-_]/g, '').toLowerCase();
    if (/^(buttons|quickrepl(y|ies)|suggestions|suggestedactions|suggestedreplies)$/.test(name)) {
      return choicesIn(isObject(value) ? value.actions : value);
    }
    if (/^(elements|cards|carousel)$/.test(name)) {
      return [value].flat().filter(isObject).flatMap(cardParts);
    }
    const label = /^(media|resources?|uris?|blobs?)$/.test(name) ? undefined : mediaLabel(name);
    return label === undefined ? [] : [value].flat().flatMap((each) => mediaParts(label, each));
  });
}

/** @return one part, or none if there are no choices */
export function choicesIn(list) {
  const choices = (Array.isArray(list) ? list : []).map(parseChoice).filter((each) => each.title !== undefined);
  return choices.length === 0 ? [] : [{ kind: 'choices', choices }];
}

function parseChoice(each) {
  if (!isObject(each)) {
    return { title: typeof each === 'string' ? each : undefined };
  }
  const inner = isObject(each.reply) ? { ...each, ...each.reply } : each;
  const value = stringOf(inner, 'payload', 'value', 'url', 'postback', 'id');
  const title = stringOf(inner, 'title', 'text', 'label', 'displayText', 'display_text', 'name') ?? value;
  return { title, value: value === title ? undefined : value };
}

/** The parts of a card: its title and texts as one text, and its pictures and buttons. */
export function cardParts(object) {
  const text = ['title', 'subtitle', 'text', 'description']
    .map((name) => object[name]).filter((each) => typeof each === 'string' && each !== '').join('\n');
  return [...text === '' ? [] : [{ kind: 'text', text }], ...richParts(object)];
}

/**
 * The parts for an address, or for an object that contains an address or the bytes.
 *
 * @return the media, and its caption or transcript if there is one; nothing if the value is empty
 */
export function mediaParts(label, value) {
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : [{ kind: 'media', label, ...addressAndType([value]), name: shortName(value) }];
  }
  if (!isObject(value) || Object.keys(value).length === 0) {
    return [];
  }
  const cards = [value, value.payload].filter(isObject).map((each) => each.elements).flat().filter(isObject);
  if (cards.length > 0) {
    return cards.flatMap(cardParts);
  }
  const levels = [value, ...Object.values(value).filter(isObject)];
  const named = (...names) => levels.map((level) => stringOf(level, ...names)).find((each) => each !== undefined);
  const { url, type } = addressAndType(values(value));
  const caption = named('caption', 'transcript', 'text');
  const mime = named('media_type', 'mediaType', 'mime_type', 'mimeType', 'contentType', 'content_type', 'format') ?? type;
  return [
    {
      kind: 'media',
      label: label === 'File' ? labelOf(mime ?? stringOf(value, 'type')) : label,
      name: named('filename', 'fileName', 'file_name', 'title', 'name', 'alt', 'file_id', 'fileId')
        ?? shortName(named('uri', 'fileUri', 'file_uri', 'url') ?? ''),
      url,
      type: mime,
    },
    ...caption === undefined ? [] : [{ kind: 'text', text: caption }],
  ];
}

function labelOf(type) {
  return mediaLabel(type?.replace(/\/.*/, '') ?? '') ?? 'File';
}

/** The first address that can be a link, and the type in an embedded address (data:). */
function addressAndType(texts) {
  return {
    url: texts.find((text) => /^https?:\/\//i.test(text)),
    type: texts.map((text) => /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(text.slice(0, 100))?.[1]).find(Boolean),
  };
}

const LONGEST_NAME = 300;

/** The address as a name, unless it is too long or contains the bytes. */
function shortName(text) {
  return text === '' || /^data:/i.test(text) || text.length > LONGEST_NAME ? undefined : text;
}

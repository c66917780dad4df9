// What is beside words: pictures, files, buttons, cards. Nothing of it is loaded: that would be a request
// to whoever wrote it.
import { isObject, stringOf, values } from './json.js';

const KINDS = [
  [/^(input|output)?(image|picture|photo|sticker)s?(url|file)?s?$/, 'Image'],
  [/^(input|output)?(audio|voice)s?(url|file)?s?$/, 'Audio'],
  [/^(input|output)?videos?(url|file)?s?$/, 'Video'],
  [/^(input|output)?(document|pdf)s?(url|file)?s?$/, 'Document'],
  [/^(input|output)?(file|blob|attachment|media|resource|resourcelink|uri|inlinedata|filedata)s?(url)?$/, 'File'],
];

/** What people call a part of that type, undefined if it is none of those. */
export function mediaLabel(type) {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1];
}

/** The parts of what names like Rasa's "buttons" and "image" hold; all else is left alone. */
export function richParts(object) {
  return Object.entries(object).flatMap(([key, value]) => {
    const name = key.replace(/[-_]/g, '').toLowerCase();
    if (/^(buttons|quickrepl(y|ies)|suggestions|suggestedactions|suggestedreplies)$/.test(name)) {
      return choicesIn(isObject(value) ? value.actions : value);
    }
    if (/^(elements|cards|carousel)$/.test(name)) {
      return [value].flat().filter(isObject).flatMap(card);
    }
    const label = /^(media|resources?|uris?|blobs?)$/.test(name) ? undefined : mediaLabel(name);
    return label === undefined ? [] : [value].flat().flatMap((each) => medium(label, each));
  });
}

/** @return one part, or none if nothing is there to choose from */
export function choicesIn(list) {
  const choices = (Array.isArray(list) ? list : []).map(choice).filter((each) => each.title !== undefined);
  return choices.length === 0 ? [] : [{ kind: 'choices', choices }];
}

function choice(each) {
  if (!isObject(each)) {
    return { title: typeof each === 'string' ? each : undefined };
  }
  const inner = isObject(each.reply) ? { ...each, ...each.reply } : each;
  const value = stringOf(inner, 'payload', 'value', 'url', 'postback', 'id');
  const title = stringOf(inner, 'title', 'text', 'label', 'displayText', 'display_text', 'name') ?? value;
  return { title, value: value === title ? undefined : value };
}

/** A title, a text, a picture and buttons, as one. */
export function card(object) {
  const text = ['title', 'subtitle', 'text', 'description']
    .map((name) => object[name]).filter((each) => typeof each === 'string' && each !== '').join('\n');
  return [...text === '' ? [] : [{ kind: 'text', text }], ...richParts(object)];
}

/**
 * Of an address, of an object that has one or holds the bytes.
 *
 * @return one part, with what is said of it as another, or none
 */
export function medium(label, value) {
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : [{ kind: 'media', label, ...whereabouts([value]), name: shortName(value) }];
  }
  if (!isObject(value) || Object.keys(value).length === 0) {
    return [];
  }
  const cards = [value, value.payload].filter(isObject).map((each) => each.elements).flat().filter(isObject);
  if (cards.length > 0) {
    return cards.flatMap(card);
  }
  const levels = [value, ...Object.values(value).filter(isObject)];
  const named = (...names) => levels.map((level) => stringOf(level, ...names)).find((each) => each !== undefined);
  const { url, type } = whereabouts(values(value));
  const said = named('caption', 'transcript', 'text');
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
    ...said === undefined ? [] : [{ kind: 'text', text: said }],
  ];
}

function labelOf(type) {
  return mediaLabel(type?.replace(/\/.*/, '') ?? '') ?? 'File';
}

/** The first address that can be followed, and the type that an embedded one tells. */
function whereabouts(texts) {
  return {
    url: texts.find((text) => /^https?:\/\//i.test(text)),
    type: texts.map((text) => /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(text.slice(0, 100))?.[1]).find(Boolean),
  };
}

const LONGEST_NAME = 300;

/** An address as its own name, unless it holds the bytes. */
function shortName(text) {
  return text === '' || /^data:/i.test(text) || text.length > LONGEST_NAME ? undefined : text;
}

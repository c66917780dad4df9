// Converts Markdown to HTML. This is the only place where text becomes HTML, so all of it is sanitized.
import { DOMPurify, Marked } from './libraries.js';

/** Longer texts are not formatted, since an attacker could use them to block the browser. */
const LONGEST = 50_000;

const SPECIAL = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => SPECIAL[character]);
}

/** The length is limited, since the expression is tried at each backslash. */
const FORMULA = /^\\(?:\([^]{1,1000}?\\\)|\[[^]{1,1000}?\\\])/;

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    /** A single "~" is not strikethrough, as in "10~20 EUR" or in a path. false means: marked decides. */
    del(source) {
      return source.startsWith('~~') ? false : undefined;
    },
    /** A formula of LaTeX, in "\(" or "\[", is kept as it is, and contains no emphasis. */
    escape(source) {
      const formula = FORMULA.exec(source)?.[0];
      return formula === undefined ? false : { type: 'escape', raw: formula, text: formula };
    },
  },
  renderer: {
    /** HTML in a text is shown as text. */
    html({ text, block }) {
      return block ? `<p>${escaped(text)}</p>` : escaped(text);
    },
    /** An image becomes a link, since loading it would be a request to a server of the text's author. */
    image({ href, text }) {
      return `<a href="${escaped(href)}">${escaped(text || href)}</a>`;
    },
    /** A heading becomes bold text, since it must not be a heading of the UI. */
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
    checkbox({ checked }) {
      return checked ? '☑ ' : '☐ ';
    },
  },
});

const ALLOWED = {
  ALLOWED_TAGS: ['a', 'blockquote', 'br', 'code', 'del', 'em', 'hr', 'li', 'ol', 'p', 'pre', 'strong',
    'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ALLOWED_ATTR: ['href', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/** Converts a text to a fragment of the document. */
export function markdown(text) {
  if (text.length > LONGEST) {
    return document.createTextNode(text);
  }
  const fragment = DOMPurify.sanitize(marked.parse(text), ALLOWED);
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  for (const block of fragment.querySelectorAll('p, li, ol, ul, blockquote, td, th')) {
    block.dir = 'auto';
  }
  return fragment;
}

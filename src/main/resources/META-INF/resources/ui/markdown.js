// The one place where text becomes HTML: hostile until proven otherwise.
import { DOMPurify, Marked } from './libraries.js';

/** Longer texts are shown as they are: nobody formats that much, but someone may want to stall us. */
const LONGEST = 50_000;

const SPECIAL = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => SPECIAL[character]);
}

/** Bounded, since it is looked for at each backslash. */
const FORMULA = /^\\(?:\([^]{1,1000}?\\\)|\[[^]{1,1000}?\\\])/;

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    /** One "~" is "about", as in "10~20 EUR", or a home directory; false leaves it to marked. */
    del(source) {
      return source.startsWith('~~') ? false : undefined;
    },
    /** The backslashes of LaTeX's "\(" and "\[" belong to the formula, and what is in it is no emphasis. */
    escape(source) {
      const formula = FORMULA.exec(source)?.[0];
      return formula === undefined ? false : { type: 'escape', raw: formula, text: formula };
    },
  },
  renderer: {
    /** HTML in a text is shown as the text that it is. */
    html({ text, block }) {
      return block ? `<p>${escaped(text)}</p>` : escaped(text);
    },
    /** An image would be a request to whoever wrote the text. */
    image({ href, text }) {
      return `<a href="${escaped(href)}">${escaped(text || href)}</a>`;
    },
    /** The headings of the page are its own. */
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

/** A text as a fragment of the document. */
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

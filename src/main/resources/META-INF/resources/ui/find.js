// Looks a text up in a whole transcript. The browser's own search sees only what is in the document.
import { comparable, reveal, says } from './shown.js';
import { keyOf } from './turn.js';

/** After so long without a pause, in milliseconds, the page would seem to hang. */
const SLICE = 50;

export class Finder {
  #form;
  #transcript;
  #loadOlder;
  #found = [];
  #at = 0;
  #sought = '';
  #searches = 0;

  /** @param loadOlder loads a part more, and tells whether there may be further ones */
  constructor(form, transcript, loadOlder) {
    this.#form = form;
    this.#transcript = transcript;
    this.#loadOlder = loadOlder;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(event.submitter?.value === 'previous' ? -1 : 1);
    });
  }

  /** The same text again is the next place; another one starts with the newest. */
  async #submit(step) {
    const sought = comparable(this.#form.elements.text.value).trim();
    if (sought === '') {
      return;
    }
    if (sought === this.#sought && this.#found.length > 0) {
      this.#at = (this.#at - step + this.#found.length) % this.#found.length;
      this.#show();
    } else if (await this.#search(sought)) {
      this.#show();
    }
  }

  /** @return whether it came to an end: it may fail, or another text be sought meanwhile */
  async #search(sought) {
    const search = ++this.#searches;
    try {
      do {
        this.#tell(`Looking in ${this.#transcript.size.toLocaleString()} turns…`);
      } while (await this.#loadOlder());
    } catch (failure) {
      this.#tell(failure.message);
      return false;
    }
    const found = await this.#among(this.#transcript.turns(), sought);
    if (search !== this.#searches) {
      return false;
    }
    this.#sought = sought;
    this.#found = found;
    this.#at = found.length - 1;
    return true;
  }

  async #among(turns, sought) {
    const found = [];
    let pause = performance.now() + SLICE;
    for (const turn of turns) {
      if (says(turn, sought)) {
        found.push(keyOf(turn));
      }
      if (performance.now() > pause) {
        await new Promise((resume) => setTimeout(resume));
        pause = performance.now() + SLICE;
      }
    }
    return found;
  }

  #show() {
    if (this.#found.length === 0) {
      this.#tell('Not in here');
      return;
    }
    this.#tell(`${this.#found.length - this.#at} of ${this.#found.length}, newest first`);
    this.#transcript.show(this.#found[this.#at], (element) => reveal(element, this.#sought));
  }

  #tell(text) {
    this.#form.querySelector('output').textContent = text;
  }
}

// Finds a text in the whole transcript. The search of the browser finds only what is in the document.
import { comparable, contains, reveal } from './shown.js';
import { keyOf } from './turn.js';

/** The longest time, in milliseconds, that the search blocks the browser without a pause. */
const SLICE = 50;

export class Finder {
  #form;
  #transcript;
  #loadOlder;
  #found = [];
  #index = 0;
  #query = '';
  #searches = 0;

  /** @param loadOlder loads a further part, and returns whether there may be more */
  constructor(form, transcript, loadOlder) {
    this.#form = form;
    this.#transcript = transcript;
    this.#loadOlder = loadOlder;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(event.submitter?.value === 'previous' ? -1 : 1);
    });
  }

  /** The same query again shows the next turn that contains it. A new query shows the newest one. */
  async #submit(step) {
    const query = comparable(this.#form.elements.text.value).trim();
    if (query === '') {
      return;
    }
    if (query === this.#query && this.#found.length > 0) {
      this.#index = (this.#index - step + this.#found.length) % this.#found.length;
      this.#show();
    } else if (await this.#search(query)) {
      this.#show();
    }
  }

  /** @return whether the search was completed: false if it failed, or if another search has started */
  async #search(query) {
    const search = ++this.#searches;
    try {
      do {
        this.#showMessage(`Searching ${this.#transcript.size.toLocaleString()} turns…`);
      } while (await this.#loadOlder());
    } catch (failure) {
      this.#showMessage(failure.message);
      return false;
    }
    const found = await this.#turnsWith(this.#transcript.turns(), query);
    if (search !== this.#searches) {
      return false;
    }
    this.#query = query;
    this.#found = found;
    this.#index = found.length - 1;
    return true;
  }

  async #turnsWith(turns, query) {
    const found = [];
    let pause = performance.now() + SLICE;
    for (const turn of turns) {
      if (contains(turn, query)) {
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
      this.#showMessage('Not found');
      return;
    }
    this.#showMessage(`${this.#found.length - this.#index} of ${this.#found.length}, newest first`);
    this.#transcript.show(this.#found[this.#index], (element) => reveal(element, this.#query));
  }

  #showMessage(text) {
    this.#form.querySelector('output').textContent = text;
  }
}

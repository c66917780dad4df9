// Looks a text up in a whole transcript. The browser's own search sees only what is in the document.
import { turnText } from './turn.js';

export class Finder {
  #form;
  #transcript;
  #loadOlder;
  #found = [];
  #at = 0;
  #sought = '';

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
    const sought = this.#form.elements.text.value.trim().toLowerCase();
    if (sought === '') {
      return;
    }
    if (sought === this.#sought && this.#found.length > 0) {
      this.#at = (this.#at - step + this.#found.length) % this.#found.length;
    } else {
      await this.#search(sought);
    }
    this.#show();
  }

  async #search(sought) {
    try {
      do {
        this.#tell(`Looking in ${this.#transcript.size.toLocaleString()} turns…`);
      } while (await this.#loadOlder());
    } catch (failure) {
      this.#tell(failure.message);
      return;
    }
    this.#sought = sought;
    this.#found = this.#transcript.turns()
      .filter((turn) => turnText(turn).toLowerCase().includes(sought))
      .map((turn) => turn.turnId);
    this.#at = this.#found.length - 1;
  }

  #show() {
    if (this.#found.length === 0) {
      this.#tell('Not in here');
      return;
    }
    this.#tell(`${this.#found.length - this.#at} of ${this.#found.length}, newest first`);
    this.#transcript.show(this.#found[this.#at]);
  }

  #tell(text) {
    this.#form.querySelector('output').textContent = text;
  }
}

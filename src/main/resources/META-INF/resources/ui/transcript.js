// Shows a transcript of any length. All loaded turns are in memory, but only the turns near the visible
// part are in the document.
import { h } from './dom.js';
import { integer } from './json.js';
import { compare, keyOf, moment, turnElement } from './turn.js';

/** The number of turns in a chunk. A chunk is filled or emptied as a whole. */
const CHUNK_TURNS = 40;

/** The assumed height in pixels of a turn that was never drawn. */
const ASSUMED_HEIGHT = 90;

/** Chunks at this distance from the visible part are filled. */
const FILL_DISTANCE = '1200px';

/** The largest distance in pixels from the end that counts as "at the end". */
const END_DISTANCE = 60;

export class Transcript {
  #scroller;
  #chunks = [];
  #turns = new Map();
  #observer;

  /** @param scroller the element that scrolls; the turns come before its last child */
  constructor(scroller) {
    this.#scroller = scroller;
    this.#observer = new IntersectionObserver((changes) => this.#visibilityChanged(changes),
      { root: scroller, rootMargin: `${FILL_DISTANCE} 0px` });
  }

  get size() {
    return this.#turns.size;
  }

  /** All turns, in the order of the session. */
  turns() {
    return this.#chunks.flatMap((chunk) => chunk.turns);
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < END_DISTANCE;
  }

  showEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Adds turns that come before all present turns. They are ordered oldest first. */
  addOlder(turns) {
    this.#keepingPosition(() => {
      const fresh = turns.filter((turn) => !this.#turns.has(keyOf(turn)));
      for (let end = fresh.length; end > 0; end -= CHUNK_TURNS) {
        this.#insertChunk(0, fresh.slice(Math.max(0, end - CHUNK_TURNS), end));
      }
      fresh.forEach((turn) => this.#turns.set(keyOf(turn), turn));
    });
  }

  /**
   * Adds a turn at its position, or replaces an older revision of it.
   *
   * @return "new", "revised" or "known"
   */
  put(turn) {
    const existing = this.#turns.get(keyOf(turn));
    if (existing !== undefined && integer(existing.revision) >= integer(turn.revision)) {
      return 'known';
    }
    this.#keepingPosition(() => {
      if (existing !== undefined) {
        this.#remove((each) => each === existing);
      }
      this.#insert(turn);
    });
    return existing === undefined ? 'new' : 'revised';
  }

  /** Removes the turns up to this time. */
  erase(upTo) {
    const last = moment(upTo);
    this.#keepingPosition(() => this.#remove((turn) => moment(turn.occurredAt) <= last));
  }

  /**
   * Scrolls to a turn and focuses it, if it still exists.
   *
   * @param prepare called with the element of the turn before it is shown
   */
  show(key, prepare) {
    const turn = this.#turns.get(key);
    const chunk = this.#chunks.find((each) => each.turns.includes(turn));
    if (chunk === undefined) {
      return;
    }
    this.#fill(chunk);
    const element = chunk.element.children[chunk.turns.indexOf(turn)];
    prepare(element);
    element.scrollIntoView({ block: 'center' });
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  #insert(turn) {
    let at = this.#chunks.length - 1;
    while (at >= 0 && compare(this.#chunks[at].turns[0], turn) > 0) {
      at--;
    }
    this.#turns.set(keyOf(turn), turn);
    const chunk = this.#chunks[Math.max(0, at)];
    const last = at === this.#chunks.length - 1;
    if (chunk === undefined || (last && chunk.turns.length >= CHUNK_TURNS && compare(chunk.turns.at(-1), turn) < 0)) {
      this.#fill(this.#insertChunk(this.#chunks.length, [turn]));
      return;
    }
    const after = chunk.turns.findIndex((each) => compare(each, turn) > 0);
    const place = after < 0 ? chunk.turns.length : after;
    chunk.turns.splice(place, 0, turn);
    if (chunk.filled) {
      chunk.element.insertBefore(turnElement(turn), chunk.element.children[place] ?? null);
    }
  }

  #remove(condition) {
    for (const chunk of [...this.#chunks]) {
      for (let i = chunk.turns.length - 1; i >= 0; i--) {
        if (condition(chunk.turns[i])) {
          this.#turns.delete(keyOf(chunk.turns[i]));
          chunk.turns.splice(i, 1);
          if (chunk.filled) {
            chunk.element.children[i].remove();
          }
        }
      }
      if (chunk.turns.length === 0) {
        this.#observer.unobserve(chunk.element);
        chunk.element.remove();
        this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
      }
    }
  }

  #insertChunk(at, turns) {
    const chunk = { turns, filled: false, element: h('div', { class: 'chunk' }) };
    chunk.element.style.height = `${turns.length * ASSUMED_HEIGHT}px`;
    const next = this.#chunks[at]?.element ?? this.#scroller.lastElementChild;
    this.#scroller.insertBefore(chunk.element, next);
    this.#chunks.splice(at, 0, chunk);
    this.#observer.observe(chunk.element);
    return chunk;
  }

  #visibilityChanged(changes) {
    this.#keepingPosition(() => {
      for (const { target, isIntersecting } of changes) {
        const chunk = this.#chunks.find((each) => each.element === target);
        if (chunk === undefined) {
          continue;
        }
        if (isIntersecting) {
          this.#fill(chunk);
        } else {
          this.#empty(chunk);
        }
      }
    });
  }

  #fill(chunk) {
    if (!chunk.filled) {
      chunk.element.replaceChildren(...chunk.turns.map(turnElement));
      chunk.element.style.height = '';
      chunk.filled = true;
    }
  }

  /** Removes the elements of a chunk. A chunk with the focus is kept, since the focus would be lost. */
  #empty(chunk) {
    if (chunk.filled && !chunk.element.contains(document.activeElement)) {
      chunk.element.style.height = `${chunk.element.offsetHeight}px`;
      chunk.element.replaceChildren();
      chunk.filled = false;
    }
  }

  /** Makes a change without moving the visible turns. A reader at the end stays at the end. */
  #keepingPosition(change) {
    const atEnd = this.isAtEnd();
    const anchor = atEnd ? undefined : this.#firstVisible();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (atEnd) {
      this.showEnd();
    } else if (anchor?.isConnected) {
      this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    }
  }

  #firstVisible() {
    const { top } = this.#scroller.getBoundingClientRect();
    const isVisible = (element) => element.getBoundingClientRect().bottom > top;
    const chunk = this.#chunks.find((each) => isVisible(each.element))?.element;
    return chunk === undefined ? undefined : [...chunk.children].find(isVisible) ?? chunk;
  }
}

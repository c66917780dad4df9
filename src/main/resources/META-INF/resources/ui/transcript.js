// A conversation of any length: all turns that were loaded are in memory, but only those near the part
// that is seen are in the document.
import { h } from './dom.js';
import { integer } from './json.js';
import { compare, keyOf, moment, turnElement } from './turn.js';

const CHUNK = 40;

/** Pixels of a turn that was never seen. */
const GUESS = 90;
const NEAR = '1200px';
const AT_END = 60;

export class Transcript {
  #scroller;
  #chunks = [];
  #turns = new Map();
  #observer;

  /** @param scroller the element that scrolls; the turns come before its last child */
  constructor(scroller) {
    this.#scroller = scroller;
    this.#observer = new IntersectionObserver((changes) => this.#seen(changes),
      { root: scroller, rootMargin: `${NEAR} 0px` });
  }

  get size() {
    return this.#turns.size;
  }

  /** In order. */
  turns() {
    return this.#chunks.flatMap((chunk) => chunk.turns);
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  showEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Adds a part that lies before all that is here, oldest first. */
  addOlder(turns) {
    this.#keepingPlace(() => {
      const fresh = turns.filter((turn) => !this.#turns.has(keyOf(turn)));
      for (let end = fresh.length; end > 0; end -= CHUNK) {
        this.#insertChunk(0, fresh.slice(Math.max(0, end - CHUNK), end));
      }
      fresh.forEach((turn) => this.#turns.set(keyOf(turn), turn));
    });
  }

  /**
   * Adds a turn where it belongs, or replaces an older revision.
   *
   * @return "new", "revised" or "known"
   */
  put(turn) {
    const known = this.#turns.get(keyOf(turn));
    if (known !== undefined && integer(known.revision) >= integer(turn.revision)) {
      return 'known';
    }
    this.#keepingPlace(() => {
      if (known !== undefined) {
        this.#remove((each) => each === known);
      }
      this.#insert(turn);
    });
    return known === undefined ? 'new' : 'revised';
  }

  /** Removes the turns up to that time. */
  erase(upTo) {
    const last = moment(upTo);
    this.#keepingPlace(() => this.#remove((turn) => moment(turn.occurredAt) <= last));
  }

  /**
   * Brings a turn into view and to the keyboard, if it is still there.
   *
   * @param prepare called with its element before
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
    if (chunk === undefined || (last && chunk.turns.length >= CHUNK && compare(chunk.turns.at(-1), turn) < 0)) {
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
    chunk.element.style.height = `${turns.length * GUESS}px`;
    const next = this.#chunks[at]?.element ?? this.#scroller.lastElementChild;
    this.#scroller.insertBefore(chunk.element, next);
    this.#chunks.splice(at, 0, chunk);
    this.#observer.observe(chunk.element);
    return chunk;
  }

  #seen(changes) {
    this.#keepingPlace(() => {
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

  /** Not what has the keyboard's focus, which would be lost. */
  #empty(chunk) {
    if (chunk.filled && !chunk.element.contains(document.activeElement)) {
      chunk.element.style.height = `${chunk.element.offsetHeight}px`;
      chunk.element.replaceChildren();
      chunk.filled = false;
    }
  }

  /** What changes above must not move what is read; who reads the end goes on reading the end. */
  #keepingPlace(change) {
    const atEnd = this.isAtEnd();
    const anchor = atEnd ? undefined : this.#firstSeen();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (atEnd) {
      this.showEnd();
    } else if (anchor?.isConnected) {
      this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    }
  }

  #firstSeen() {
    const { top } = this.#scroller.getBoundingClientRect();
    const isSeen = (element) => element.getBoundingClientRect().bottom > top;
    const chunk = this.#chunks.find((each) => isSeen(each.element))?.element;
    return chunk === undefined ? undefined : [...chunk.children].find(isSeen) ?? chunk;
  }
}

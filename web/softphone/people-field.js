/** A field for a number, an extension or a name, with a list of whom it may mean (WAI-ARIA Authoring Practices, combobox). */
import { formatNumber } from '../sdk/index.js';
import { make } from '../demo/dom.js';
import { dialled, suggest } from './suggest.js';
import { word } from './words.js';

/** @typedef {import('./suggest.js').Known} Known */
/** @typedef {import('./suggest.js').Person} Person */

let fields = 0;

export class PeopleField {
  #known;
  #input = document.createElement('input');
  #list = document.createElement('ul');
  #count = make('p', 'unseen', '');
  /** @type {Person[]} */
  #people = [];
  #at = -1;

  /**
   * @param {HTMLElement} place
   * @param {string} label
   * @param {() => Known} known
   * @param {string} [shortcut] as aria-keyshortcuts has it
   */
  constructor(place, label, known, shortcut) {
    this.#known = known;
    const id = `people-${++fields}`;
    const name = document.createElement('label');
    name.htmlFor = id;
    name.textContent = label;
    Object.assign(this.#input, { id, type: 'text', autocomplete: 'off', spellcheck: false, maxLength: 80, role: 'combobox' });
    this.#input.setAttribute('aria-autocomplete', 'list');
    this.#input.setAttribute('aria-controls', `${id}-list`);
    if (shortcut) {
      this.#input.setAttribute('aria-keyshortcuts', shortcut);
    }
    Object.assign(this.#list, { id: `${id}-list`, role: 'listbox', className: 'suggestions' });
    this.#list.setAttribute('aria-label', word('suggestions'));
    this.#count.setAttribute('role', 'status');
    place.classList.add('people-field');
    place.append(name, this.#input, this.#list, this.#count);
    this.#show([]);
    this.#input.addEventListener('input', () => this.#show(suggest(this.#input.value, this.#known())));
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#input.addEventListener('blur', () => this.#show([]));
    this.#list.addEventListener('pointerdown', (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = event.target instanceof Element ? event.target.closest('li') : null;
      this.#take(option ? [...this.#list.children].indexOf(option) : -1);
    });
  }

  /** What to dial; null: that is nobody. */
  get target() {
    return dialled(this.#input.value, this.#known());
  }

  get empty() {
    return this.#input.value.trim() === '';
  }

  clear() {
    this.#input.value = '';
    this.#show([]);
  }

  /** @param {string} text */
  fill(text) {
    this.#input.value = text;
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {boolean} wrong */
  mark(wrong) {
    this.#input.toggleAttribute('aria-invalid', wrong);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#people.length > 0) {
      event.preventDefault();
      const places = this.#people.length + 1; // one of them is the field itself
      this.#point(((this.#at + 1 + step + places) % places) - 1);
    } else if (event.key === 'Enter' && this.#at >= 0) {
      event.preventDefault();
      this.#take(this.#at);
    } else if (event.key === 'Escape' && this.#people.length > 0) {
      event.preventDefault();
      event.stopPropagation();
      this.#show([]);
    }
  }

  /** @param {number} at */
  #take(at) {
    const person = this.#people[at];
    if (person) {
      this.#input.value = person.name || formatNumber(person.number);
      if (dialled(this.#input.value, this.#known()) !== person.number) {
        this.#input.value = person.number; // several have this name
      }
      this.#show([]);
    }
  }

  /** @param {Person[]} people */
  #show(people) {
    this.#people = people;
    this.#list.replaceChildren(...people.map((person, i) => option(`${this.#input.id}-${i}`, person)));
    this.#list.hidden = people.length === 0;
    this.#input.setAttribute('aria-expanded', String(people.length > 0));
    this.#count.textContent = people.length > 0 ? word('found', people.length) : '';
    this.#point(-1);
  }

  /** @param {number} at */
  #point(at) {
    this.#at = at;
    [...this.#list.children].forEach((each, i) => each.setAttribute('aria-selected', String(i === at)));
    if (at >= 0) {
      this.#input.setAttribute('aria-activedescendant', this.#list.children[at].id);
    } else {
      this.#input.removeAttribute('aria-activedescendant');
    }
  }
}

/**
 * @param {string} id
 * @param {Person} person
 */
function option(id, { name, number, state }) {
  const shown = make('li', '', make('span', '', name || formatNumber(number)), make('small', '', name ? formatNumber(number) : ''));
  shown.id = id;
  shown.setAttribute('role', 'option');
  if (state) {
    shown.append(stateMark(state));
  }
  return shown;
}

/** What a colleague is doing, by a dot and in words. @param {string} state */
export function stateMark(state) {
  const names = { ringing: 'ringing-state', available: 'available', away: 'away', busy: 'busy', 'on-call': 'on-call', 'wrap-up': 'wrap-up' };
  const mark = make('span', 'state-mark', word(names[/** @type {keyof typeof names} */ (state)] ?? 'offline'));
  mark.dataset.state = state;
  return mark;
}

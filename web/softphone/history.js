/** The last calls, with their notes: called back, written on, deleted. */
import { formatNumber } from '../sdk/index.js';
import { button, html, make } from '../demo/dom.js';
import { MOST_NOTE } from './recent.js';
import { dayAndClock, duration, word } from './words.js';

/** @typedef {import('./recent.js').Recent} Recent */
/** @typedef {import('./recent.js').Entry} Entry */

const SHOWN = 30;

export class History {
  /** @type {Recent} */
  #recent;
  #call;

  /**
   * @param {Recent} recent
   * @param {(number: string) => void} call
   */
  constructor(recent, call) {
    this.#recent = recent;
    this.#call = call;
    button('recent-clear').addEventListener('click', () => {
      this.#recent.clear();
      this.show();
      html('recent-title').focus();
    });
    this.show();
  }

  /** @param {Recent} recent of somebody else */
  setRecent(recent) {
    this.#recent = recent;
    this.show();
  }

  show() {
    if (html('recent').contains(document.activeElement) && document.activeElement instanceof HTMLTextAreaElement) {
      return; // somebody writes there; the next change shows it
    }
    const entries = this.#recent.entries();
    html('recent').replaceChildren(...entries.slice(0, SHOWN).map((entry) => this.#row(entry)));
    html('recent-none').hidden = entries.length > 0;
    button('recent-clear').hidden = entries.length === 0;
  }

  /** @param {Entry} entry */
  #row({ id, at, direction, number, name, group, talkedMillis, note }) {
    const who = name || formatNumber(number) || word('unknown');
    const way = direction === 'outgoing' ? 'was-outgoing' : talkedMillis === null ? 'was-missed' : 'was-incoming';
    const facts = [
      dayAndClock(at), word(way), group ? word('for-group', group) : '', talkedMillis === null ? '' : duration(talkedMillis),
    ].filter(Boolean).join(' · ');
    const area = document.createElement('textarea');
    Object.assign(area, { rows: 1, value: note, maxLength: MOST_NOTE });
    area.setAttribute('aria-label', word('note-on', who));
    area.addEventListener('input', () => this.#recent.setNote(id, area.value));
    const row = make('li', '', make('div', 'row-main', make('strong', '', who), make('small', '', facts)));
    row.dataset.way = way;
    if (number) {
      row.append(small(word('call'), word('call-name', who), () => this.#call(number)));
    }
    row.append(small(word('delete'), word('delete-one', who), () => {
      this.#recent.remove(id);
      this.show();
      html('recent-title').focus();
    }), area);
    return row;
  }
}

/**
 * @param {string} text
 * @param {string} label
 * @param {() => void} act
 */
function small(text, label, act) {
  const made = make('button', 'quiet small', text);
  made.setAttribute('type', 'button');
  made.setAttribute('aria-label', label);
  made.addEventListener('click', act);
  return made;
}

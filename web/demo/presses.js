/** The row of pressed digits, each with a mark that says what has become of it. */
import { html, make } from './dom.js';
import { pressWords } from './words.js';

/** @typedef {import('../sdk/index.js').Call} Call */

const MOST_PRESSES = 64; // the row shows the last of them

export class Presses {
  #row = html('digits-sent');
  /** @type {Map<number, HTMLElement>} */
  #byOrdinal = new Map();

  clear() {
    this.#row.replaceChildren();
    this.#byOrdinal.clear();
  }

  /** @param {Call} call */
  follow(call) {
    call.addEventListener('localdtmf', ({ digit, ordinal }) => this.#add(digit, ordinal));
    call.addEventListener('dtmfreceipt', (receipt) => {
      const press = this.#byOrdinal.get(receipt.ordinal ?? -1);
      if (press) {
        mark(press, receipt);
      }
    });
  }

  /**
   * @param {string} digit
   * @param {number | null} ordinal
   */
  #add(digit, ordinal) {
    const press = make('li', '', digit, make('span', 'unseen', ''));
    mark(press, { state: 'waiting', reason: null });
    this.#row.append(press);
    if (ordinal !== null) {
      this.#byOrdinal.set(ordinal, press);
      this.#byOrdinal.delete(ordinal - MOST_PRESSES);
    }
    if (this.#row.childElementCount > MOST_PRESSES) {
      this.#row.firstElementChild?.remove();
    }
  }
}

/**
 * @param {HTMLElement} press
 * @param {Parameters<typeof pressWords>[0]} receipt
 */
function mark(press, receipt) {
  const words = pressWords(receipt);
  press.dataset.state = receipt.state;
  press.title = words;
  const spoken = press.querySelector('.unseen');
  if (spoken) {
    spoken.textContent = ` ${words}`;
  }
}

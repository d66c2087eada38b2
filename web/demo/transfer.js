/** "Transfer": a number that the telephone is to talk to instead, and what becomes of it. */
import { RingdownError } from '../sdk/index.js';
import { button, element, html } from './dom.js';
import { transferWords } from './words.js';

/** @typedef {import('../sdk/index.js').Call} Call */

export class Transfer {
  #number = element('transfer-to', HTMLInputElement);
  #result = html('transfer-result');
  /** @type {Call | null} */
  #call = null;

  constructor() {
    element('transfer-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#call && this.#number.value.trim()) {
        void this.#transfer(this.#call);
      } else {
        this.#number.focus();
      }
    });
  }

  /** @param {Call | null} call null: there is none to transfer */
  follow(call) {
    this.#call = call;
    this.#result.textContent = '';
    button('transfer-go').disabled = false;
    for (const type of /** @type {const} */ (['transferring', 'transferred', 'transferfailed'])) {
      call?.addEventListener(type, (event) => this.#tell(call, transferWords(event)));
    }
  }

  /** @param {Call} call */
  async #transfer(call) {
    button('transfer-go').disabled = true;
    try {
      await call.transfer(this.#number.value);
    } catch (error) {
      this.#tell(call, error instanceof RingdownError ? error.message : String(error));
    } finally {
      if (call === this.#call) {
        button('transfer-go').disabled = false;
      }
    }
  }

  /**
   * @param {Call} call
   * @param {string} text
   */
  #tell(call, text) {
    if (call === this.#call) {
      this.#result.textContent = text;
    }
  }
}

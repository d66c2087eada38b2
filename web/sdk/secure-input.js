/** Secure input of one call, as the gateway tells it: while it is on, nobody who listens or records hears a digit. */
import { Requests } from './requests.js';

export class SecureInput {
  #on = false;
  /** @type {Requests<boolean>} */
  #requests = new Requests();

  get on() {
    return this.#on;
  }

  /**
   * @param {(ref: string) => void} ask sends the question, or throws
   * @returns {Promise<boolean>} how it is then
   */
  ask(ask) {
    return this.#requests.ask('secure', ask);
  }

  /**
   * @param {import('./connection.js').Message} message
   * @returns {boolean} whether it has changed
   */
  receive({ on, ref }) {
    const before = this.#on;
    this.#on = on === true;
    this.#requests.take(ref)?.resolve(this.#on);
    return this.#on !== before;
  }

  /**
   * @param {string} ref
   * @param {Error} error
   */
  refuse(ref, error) {
    this.#requests.take(ref)?.reject(error);
  }

  /** Nobody answers any more. @param {Error} error */
  end(error) {
    this.#requests.giveUp(error);
  }
}

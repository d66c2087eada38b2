/** Who holds a call, and the requests to hold or resume it that wait for the gateway's word. */
import { Requests } from './requests.js';

/** @typedef {'browser'|'telephone'} HeldBy */
/** @typedef {HeldBy|'both'|null} Holder */

export class Hold {
  #browser = false;
  #telephone = false;
  /** What this page has asked for last: the microphone is still from then on. */
  #wanted = false;
  /** @type {Requests<void>} */
  #requests = new Requests();

  /** @returns {Holder} */
  get by() {
    if (this.#browser) {
      return this.#telephone ? 'both' : 'browser';
    }
    return this.#telephone ? 'telephone' : null;
  }

  /** @param {HeldBy} side */
  holds(side) {
    return side === 'telephone' ? this.#telephone : this.#browser;
  }

  /** Whether the microphone is to be still. */
  get quiet() {
    return this.#browser || this.#wanted;
  }

  /**
   * @param {'hold'|'resume'} type
   * @param {(message: {type: string, ref: string}) => void} request throws where it cannot be sent
   * @returns {Promise<void>}
   */
  ask(type, request) {
    return this.#requests.ask(type, (ref) => {
      request({ type, ref });
      this.#wanted = type === 'hold';
    });
  }

  /**
   * `held` or `resumed`, as the gateway tells it.
   *
   * @param {boolean} held
   * @param {HeldBy} by
   * @param {unknown} ref
   */
  receive(held, by, ref) {
    if (by === 'telephone') {
      this.#telephone = held;
    } else {
      this.#browser = held;
      this.#wanted = held && this.#wanted;
    }
    this.#requests.take(ref)?.resolve();
  }

  /**
   * The gateway could not do what was asked.
   *
   * @param {unknown} ref
   * @param {Error} error
   */
  refuse(ref, error) {
    const waiting = this.#requests.take(ref);
    if (waiting) {
      this.#wanted = false;
      waiting.reject(error);
    }
  }

  /** Nothing more is heard of what was asked. @param {Error} error */
  giveUp(error) {
    this.#wanted &&= !this.#requests.some;
    this.#requests.giveUp(error);
  }
}

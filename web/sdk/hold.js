/** Who holds a call, and the requests to hold or resume it that wait for the gateway's word. */
import { RingdownError } from './errors.js';

/** @typedef {'browser'|'telephone'} HeldBy */
/** @typedef {HeldBy|'both'|null} Holder */
/** @typedef {{resolve: () => void, reject: (error: Error) => void}} Waiting */

export class Hold {
  #browser = false;
  #telephone = false;
  /** What this page has asked for last: the microphone is still from then on. */
  #wanted = false;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  #refs = 0;

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
    const ref = `${type}-${++this.#refs}`;
    request({ type, ref });
    this.#wanted = type === 'hold';
    return new Promise((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
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
    this.#take(ref)?.resolve();
  }

  /**
   * The gateway could not do what was asked.
   *
   * @param {unknown} ref
   * @param {RingdownError} error
   */
  refuse(ref, error) {
    const waiting = this.#take(ref);
    if (waiting) {
      this.#wanted = false;
      waiting.reject(error);
    }
  }

  /** Nothing more is heard of what was asked. @param {RingdownError} error */
  giveUp(error) {
    for (const ref of [...this.#waiting.keys()]) {
      this.refuse(ref, error);
    }
  }

  /** @param {unknown} ref */
  #take(ref) {
    const key = String(ref);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting;
  }
}

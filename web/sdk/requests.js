/** Requests by message that wait for the gateway's word, by their `ref`. Pure. */

/**
 * @template T
 * @typedef {{resolve: (value: T) => void, reject: (error: Error) => void}} Waiting
 */

/** @template T what they are answered with */
export class Requests {
  /** @type {Map<string, Waiting<T>>} */
  #waiting = new Map();
  #refs = 0;

  /**
   * @param {string} name
   * @param {(ref: string) => void} send throws where it cannot be sent
   * @returns {Promise<T>}
   */
  ask(name, send) {
    const ref = `${name}-${++this.#refs}`;
    send(ref);
    return new Promise((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
  }

  /** Whether any waits. */
  get some() {
    return this.#waiting.size > 0;
  }

  /**
   * What waits for it, no longer.
   *
   * @param {unknown} ref
   * @returns {Waiting<T> | undefined}
   */
  take(ref) {
    const key = String(ref);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting;
  }

  /** Nothing more is heard of any. @param {Error} error */
  giveUp(error) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach(({ reject }) => reject(error));
  }
}

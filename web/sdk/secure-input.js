/** Secure input of one call, as the gateway tells it: while it is on, nobody who listens or records hears a digit. */
/** @typedef {import('./errors.js').RingdownError} RingdownError */

export class SecureInput {
  #on = false;
  #refs = 0;
  /** What was asked and not answered. @type {Map<string, {resolve: (on: boolean) => void, reject: (error: RingdownError) => void}>} */
  #asked = new Map();

  get on() {
    return this.#on;
  }

  /**
   * @param {(ref: string) => void} ask sends the question, or throws
   * @returns {Promise<boolean>} how it is then
   */
  ask(ask) {
    const ref = `secure-${++this.#refs}`;
    ask(ref);
    return new Promise((resolve, reject) => this.#asked.set(ref, { resolve, reject }));
  }

  /**
   * @param {import('./connection.js').Message} message
   * @returns {boolean} whether it has changed
   */
  receive({ on, ref }) {
    const before = this.#on;
    this.#on = on === true;
    this.#take(ref)?.resolve(this.#on);
    return this.#on !== before;
  }

  /**
   * @param {string} ref
   * @param {RingdownError} error
   */
  refuse(ref, error) {
    this.#take(ref)?.reject(error);
  }

  /** Nobody answers any more. @param {RingdownError} error */
  end(error) {
    for (const asked of this.#asked.values()) {
      asked.reject(error);
    }
    this.#asked.clear();
  }

  /** @param {unknown} ref */
  #take(ref) {
    const asked = this.#asked.get(String(ref));
    this.#asked.delete(String(ref));
    return asked;
  }
}

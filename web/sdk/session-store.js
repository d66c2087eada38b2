/** What a page finds again after a reload, in the storage of its tab: the token of its session, and which microphone it used. */

/** @typedef {import('./environment.js').Environment} Environment */
/** @typedef {string | boolean} RememberedMicrophone a deviceId; true: the default one; false: none */
/** @typedef {{token: string, microphone: RememberedMicrophone}} Remembered */

/** @type {Readonly<Remembered>} */
const NOTHING = Object.freeze({ token: '', microphone: true });

export class SessionStore {
  /** @type {Storage | undefined} */
  #storage;
  #key;
  #url;

  /**
   * @param {Storage | undefined} storage undefined: nothing is remembered
   * @param {string} name tells clients of one page apart
   * @param {string} url of the gateway: its token is of no use elsewhere
   */
  constructor(storage, name, url) {
    this.#storage = storage;
    this.#key = name ? `ringdown.session.${name}` : 'ringdown.session';
    this.#url = url;
  }

  /** @returns {Readonly<Remembered>} */
  read() {
    try {
      const found = JSON.parse(this.#storage?.getItem(this.#key) ?? 'null');
      if (found?.url !== this.#url || typeof found.token !== 'string') {
        return NOTHING;
      }
      const { token, microphone } = found;
      return { token, microphone: typeof microphone === 'string' || microphone === false ? microphone : true };
    } catch {
      return NOTHING; // no JSON of ours, or a browser that keeps nothing
    }
  }

  /** @param {Partial<Remembered>} change */
  write(change) {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify({ url: this.#url, ...this.read(), ...change }));
    } catch {
      // a browser that keeps nothing, or a full storage: the call is then lost with the page
    }
  }

  clear() {
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // there was nothing, then
    }
  }
}

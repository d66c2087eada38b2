/** Hears from the browser what may have cut the page off from the gateway. */

/** @typedef {import('./environment.js').Environment} Environment */

/**
 * @typedef {object} NetworkListener
 * @property {() => void} doubtful the network may be another, or only a slower one: look whether the socket is alive
 * @property {() => void} changed the network is another, or is back: the paths of calls may be of the one that was
 * @property {() => void} shownAgain the browser had kept the page while others were shown in its place
 */

export class NetworkWatch {
  #environment;
  #listener;
  /** The kind of network, where the browser tells it. @type {string | undefined} */
  #type;
  #on = false;
  #onOnline = () => {
    this.#listener.doubtful();
    this.#listener.changed();
  };
  #onChange = () => {
    const before = this.#type;
    this.#type = this.#environment.network?.type;
    this.#listener.doubtful();
    if (before !== this.#type) {
      this.#listener.changed();
    }
  };
  /** @type {(event: Event) => void} */
  #onShown = (event) => {
    if (/** @type {PageTransitionEvent} */ (event).persisted) {
      this.#listener.shownAgain();
    }
  };

  /**
   * @param {Environment} environment
   * @param {NetworkListener} listener
   */
  constructor(environment, listener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  /** @param {boolean} on whether the browser is listened to */
  listen(on) {
    if (this.#on === on) {
      return;
    }
    this.#on = on;
    const { window, network } = this.#environment;
    const change = on ? 'addEventListener' : 'removeEventListener';
    window?.[change]('online', this.#onOnline);
    window?.[change]('pageshow', this.#onShown);
    network?.[change]('change', this.#onChange);
    this.#type = network?.type;
  }
}

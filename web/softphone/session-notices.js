/** What is told of the session above everything else: its socket is lost, another tab has its calls, the gateway is about to stop. */
import { duration, word } from './words.js';

/**
 * @typedef {import('../demo/notices.js').Notices} Notices
 * @typedef {import('../sdk/index.js').RingdownClient} RingdownClient
 */

/**
 * What a notice may ask of the page.
 *
 * @typedef {object} SessionDeeds
 * @property {() => void} connect
 * @property {(error: Error) => void} failed to bring calls here from another tab
 */

export class SessionNotices {
  #client;
  #notices;
  #deeds;

  /**
   * @param {RingdownClient} client
   * @param {Pick<Notices, 'show' | 'clear'>} notices
   * @param {SessionDeeds} deeds
   */
  constructor(client, notices, deeds) {
    this.#client = client;
    this.#notices = notices;
    this.#deeds = deeds;
    client.addEventListener('connected', () => this.#onConnected());
    client.addEventListener('disconnected', ({ error, retryInMillis }) => this.#onDisconnected(error, retryInMillis));
    client.addEventListener('elsewhere', () => this.#showElsewhere());
    client.addEventListener('draining', ({ withinMillis }) =>
      notices.show('draining', word('draining'), word('draining-note', duration(withinMillis))));
  }

  #onConnected() {
    this.#notices.clear('link');
    this.#notices.clear('draining');
    if (!this.#client.elsewhere) { // a tab that was duplicated is connected, and has none of the calls
      this.#notices.clear('elsewhere');
    }
  }

  /**
   * @param {import('../sdk/index.js').RingdownError} error
   * @param {number | null} retryInMillis
   */
  #onDisconnected(error, retryInMillis) {
    if (error.code === 'taken-over') {
      this.#notices.clear('link');
      this.#showElsewhere();
    } else if (retryInMillis !== null) {
      this.#notices.show('link', word('lost'), word('lost-note'), { label: word('try-now'), act: this.#deeds.connect });
    } else {
      this.#notices.clear('link');
    }
  }

  #showElsewhere() {
    this.#notices.show('elsewhere', word('elsewhere'), word('elsewhere-note'), {
      label: word('take-over'), act: () => void this.#takeOver(),
    });
  }

  async #takeOver() {
    this.#notices.clear('elsewhere');
    try {
      await this.#client.takeOver();
    } catch (error) {
      this.#deeds.failed(/** @type {Error} */ (error));
      this.#deeds.connect(); // there is none any more, or this tab has calls of its own
    }
  }
}

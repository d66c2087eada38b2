/** Listening to a call of a colleague, or speaking in it. Made by Agent, never by hand. */
import { Call } from './call.js';
import { RingdownError } from './errors.js';
import { EndedEvent, TypedEventTarget } from './events.js';

/**
 * `listen`: nobody hears the supervisor; `whisper`: the colleague does; `barge`: the telephone too.
 *
 * @typedef {'listen'|'whisper'|'barge'} SupervisionMode
 */

/**
 * @typedef {object} SupervisionOwner
 * @property {(id: string, mode: SupervisionMode) => Promise<void>} change asks the gateway for another mode
 * @property {() => void} ended
 */

/**
 * @typedef {object} SupervisionEvents
 * @property {Event} established
 * @property {Event} modechange
 * @property {import('./events.js').EndedEvent} ended
 */

/** @extends {TypedEventTarget<SupervisionEvents & Record<string, Event>>} */
export class Supervision extends TypedEventTarget {
  /** @type {Call} */
  #call;
  #of;
  /** @type {SupervisionMode} */
  #mode;
  /** @type {SupervisionOwner} */
  #owner;

  /**
   * @param {import('./call.js').CallHost} host
   * @param {string} of the id of the colleague's call
   * @param {SupervisionMode} mode
   * @param {SupervisionOwner} owner
   */
  constructor(host, of, mode, owner) {
    super();
    this.#of = of;
    this.#mode = mode;
    this.#owner = owner;
    this.#call = new Call({ ...host, forget: () => owner.ended() }, { direction: 'outgoing', to: '' });
    this.#call.addEventListener('established', () => this.dispatchEvent(new Event('established')));
    this.#call.addEventListener('ended', (event) => this.dispatchEvent(new EndedEvent(event.reason)));
  }

  /** The way its sound takes: mute, microphone, levels and state are its. */
  get call() {
    return this.#call;
  }

  /** The id of the colleague's call. */
  get of() {
    return this.#of;
  }

  /** Who hears the supervisor. */
  get mode() {
    return this.#mode;
  }

  /**
   * @param {SupervisionMode} mode
   * @returns {Promise<void>} when it is so
   * @throws {RingdownError} wrong-state: not begun, or ended; not-connected, and what the gateway refuses it with
   */
  async setMode(mode) {
    const { id, state } = this.#call;
    if (!id || state !== 'established') {
      throw new RingdownError('wrong-state');
    }
    await this.#owner.change(id, mode);
  }

  /** Ends it; the colleague's call goes on. */
  hangup() {
    this.#call.hangup();
  }

  /**
   * What the gateway says of it. Not for pages.
   *
   * @internal
   * @param {import('./connection.js').Message} message
   */
  receive(message) {
    if (message.type !== 'supervising') {
      this.#call.receive(message);
      return;
    }
    this.#mode = message.mode === 'whisper' || message.mode === 'barge' ? message.mode : 'listen';
    this.#call.receive({ ...message, type: 'established' });
    this.dispatchEvent(new Event('modechange'));
  }
}

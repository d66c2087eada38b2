/** Digits out of the browser: by RTCDTMFSender where the answer has telephone-event, else by message. */
import { RingdownError } from './errors.js';

// W3C WebRTC, RTCDTMFSender.insertDTMF
const SHORTEST_MILLIS = 40;
const LONGEST_MILLIS = 6000;
const SHORTEST_GAP_MILLIS = 30;
const LONGEST_GAP_MILLIS = 6000; // docs/protocol.md, `dtmf`
/** Keys and commas of one request (docs/protocol.md, `dtmf`). */
export const LONGEST_STRING = 64;

/**
 * @typedef {object} Press one request for digits
 * @property {string} digits
 * @property {number} durationMillis
 * @property {number} gapMillis
 */

/**
 * @param {string} digits 0-9, *, #, A-D in either case, and `,` for a pause of two seconds
 * @param {{duration?: number, gap?: number}} options milliseconds; brought into the limits of the W3C as browsers do
 * @returns {Press}
 * @throws {RingdownError} bad-digits
 */
export function press(digits, { duration = 100, gap = 70 } = {}) {
  const upper = String(digits).toUpperCase();
  if (!/^[0-9A-D*#,]+$/.test(upper) || upper.length > LONGEST_STRING) {
    throw new RingdownError('bad-digits');
  }
  if (!Number.isFinite(duration) || !Number.isFinite(gap)) {
    throw new RingdownError('bad-digits', { text: 'duration and gap are milliseconds.' });
  }
  return {
    digits: upper,
    durationMillis: Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, Math.round(duration))),
    gapMillis: Math.min(LONGEST_GAP_MILLIS, Math.max(SHORTEST_GAP_MILLIS, Math.round(gap))),
  };
}

/**
 * @param {string} sdp of the gateway's answer
 * @returns {boolean} whether digits can travel as RTP
 */
export function agreesToTelephoneEvent(sdp) {
  return /^a=rtpmap:\d+ telephone-event\//im.test(sdp);
}

/**
 * What a queue tells its owner.
 *
 * @typedef {object} DigitQueueListener
 * @property {(digit: string, wanted: boolean) => void} began a digit starts; unwanted: cancel() came too late for it
 * @property {() => void} over the tone that played is over
 * @property {(reason: string) => void} gaveUp all that had not started will not be played
 */

/** @typedef {{press: Press, done: () => void}} Waiting */

/** Plays presses one after the other: insertDTMF by itself would throw away what of the last one is not yet played. */
export class DigitQueue {
  /** @type {RTCDTMFSender} */
  #sender;
  /** @type {Waiting[]} */
  #waiting = [];
  /** Whether the browser has yet to say that it is through with what it was given. */
  #busy = false;
  /** What it was given, unless that was cancelled. @type {Waiting | null} */
  #playing = null;
  /** @type {DigitQueueListener} */
  #listener;
  /** @type {(event: RTCDTMFToneChangeEvent) => void} */
  #onTone = (event) => this.#toneChanged(event.tone);

  /**
   * @param {RTCDTMFSender} sender
   * @param {DigitQueueListener} listener
   */
  constructor(sender, listener) {
    this.#sender = sender;
    this.#listener = listener;
    sender.addEventListener('tonechange', this.#onTone);
  }

  /**
   * @param {Press} press
   * @returns {Promise<void>} when its last digit has been played, or nothing more of it will be
   */
  add(press) {
    return new Promise((done) => {
      this.#waiting.push({ press, done });
      this.#next();
    });
  }

  /** Plays nothing more but the tone that has started, which no browser stops. */
  cancel() {
    if (this.#busy) {
      this.#insert('', SHORTEST_MILLIS, SHORTEST_GAP_MILLIS);
    }
    this.#drop('cancelled');
  }

  #next() {
    if (this.#busy || this.#waiting.length === 0) {
      return;
    }
    this.#playing = this.#waiting.shift() ?? null;
    if (this.#playing) {
      const { digits, durationMillis, gapMillis } = this.#playing.press;
      if (!this.#insert(digits, durationMillis, gapMillis)) {
        this.#drop('no-road');
      }
    }
  }

  /**
   * @param {string} digits
   * @param {number} durationMillis
   * @param {number} gapMillis
   * @returns {boolean} whether the browser plays; it tells when it is through then
   */
  #insert(digits, durationMillis, gapMillis) {
    try {
      this.#sender.insertDTMF(digits, durationMillis, gapMillis);
      this.#busy = true;
    } catch {
      this.#busy = false; // it may not send any more, and has stopped by itself
      this.#listener.over();
    }
    return this.#busy;
  }

  /** @param {string} reason */
  #drop(reason) {
    this.#listener.gaveUp(reason);
    this.#finish();
  }

  #finish() {
    for (const { done } of [...(this.#playing ? [this.#playing] : []), ...this.#waiting]) {
      done();
    }
    this.#waiting = [];
    this.#playing = null;
  }

  /** @param {string} tone empty: the browser is through */
  #toneChanged(tone) {
    this.#listener.over();
    if (tone === ',') {
      return;
    }
    if (tone) {
      this.#listener.began(tone, this.#playing !== null);
      return;
    }
    this.#busy = false;
    this.#playing?.done();
    this.#playing = null;
    this.#next();
  }

  /** Gives up what is waiting. */
  close() {
    this.#sender.removeEventListener('tonechange', this.#onTone);
    this.#finish();
  }
}

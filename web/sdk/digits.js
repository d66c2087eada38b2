/** Digits out of the browser: by RTCDTMFSender where the answer has telephone-event, else by message. */
import { RingdownError } from './errors.js';

// W3C WebRTC, RTCDTMFSender.insertDTMF
const SHORTEST_MILLIS = 40;
const LONGEST_MILLIS = 6000;
const SHORTEST_GAP_MILLIS = 30;
const LONGEST_GAP_MILLIS = 6000; // docs/protocol.md, `dtmf`
const LONGEST_STRING = 64;

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
 * Plays presses one after the other: insertDTMF by itself would throw away what of the last one is not yet played.
 * `onDigit` is told each digit as it starts.
 */
export class DigitQueue {
  /** @type {RTCDTMFSender} */
  #sender;
  /** @type {{press: Press, done: () => void}[]} */
  #waiting = [];
  /** @type {{press: Press, done: () => void} | null} */
  #playing = null;
  /** @type {(digit: string) => void} */
  #onDigit;
  /** @type {(event: RTCDTMFToneChangeEvent) => void} */
  #onTone = (event) => this.#toneChanged(event.tone);

  /**
   * @param {RTCDTMFSender} sender
   * @param {(digit: string) => void} onDigit
   */
  constructor(sender, onDigit) {
    this.#sender = sender;
    this.#onDigit = onDigit;
    sender.addEventListener('tonechange', this.#onTone);
  }

  /**
   * @param {Press} press
   * @returns {Promise<void>} when its last digit has been played
   */
  add(press) {
    return new Promise((done) => {
      this.#waiting.push({ press, done });
      this.#next();
    });
  }

  #next() {
    if (this.#playing || this.#waiting.length === 0) {
      return;
    }
    this.#playing = this.#waiting.shift() ?? null;
    if (this.#playing) {
      const { digits, durationMillis, gapMillis } = this.#playing.press;
      this.#sender.insertDTMF(digits, durationMillis, gapMillis);
    }
  }

  /** @param {string} tone empty: the last one is over */
  #toneChanged(tone) {
    if (tone === ',') {
      return;
    }
    if (tone) {
      this.#onDigit(tone);
      return;
    }
    this.#playing?.done();
    this.#playing = null;
    this.#next();
  }

  /** Gives up what is waiting. */
  close() {
    this.#sender.removeEventListener('tonechange', this.#onTone);
    for (const { done } of [...(this.#playing ? [this.#playing] : []), ...this.#waiting]) {
      done();
    }
    this.#waiting = [];
    this.#playing = null;
  }
}

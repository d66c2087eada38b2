/**
 * What goes wrong while people talk, out of what page, browser and gateway see. Pure: time is passed in, and every verdict waits
 * before it comes and before it goes, so that nothing flickers.
 */
import { CONTENT_MOS, ENDS_MILLIS, UNHAPPY_MOS, mosOf } from './e-model.js';

/**
 * @typedef {object} Signs
 * @property {boolean} muted whether the other side is to hear silence
 * @property {boolean} held whether somebody holds the call: then silence means nothing
 * @property {number | null} level of the microphone, muted or not: root mean square, 0 to 1; null: not known
 * @property {boolean} live whether the microphone is there
 * @property {boolean} wanted whether there is to be one
 * @property {string} path to the gateway; empty while unknown
 * @property {string} codec of what is sent
 * @property {number | null} roundTripMillis
 * @property {number} packetsReceived
 * @property {number} packetsLost
 */

/** What the gateway's `quality` tells. @typedef {import('./events.js').QualityEvent} Quality */

const SPEECH = 0.02; // a voice at a microphone; a quiet room stays below
const PAUSE_MILLIS = 700; // between words
const SOUND = 1e-4; // less than any room
const NOTHING = 3e-5; // the last bit of sixteen
const WINDOW_MILLIS = 5000; // as often as the gateway measures
const NEWS_MILLIS = 10_000;

/**
 * How long each must have been so before it is told, and how long not so before it is taken back.
 *
 * @type {Readonly<Record<string, readonly [raise: number, clear: number]>>}
 */
const PATIENCE = {
  'bad-sound-here': [1500, 6000],
  'bad-sound-there': [1500, 6000],
  'one-way-audio': [0, 1000],
  'muted-but-speaking': [1000, 4000],
  'microphone-silent': [5000, 0],
  'microphone-lost': [0, 0],
  'path-changed': [0, 0],
};

export class Warnings {
  /** Since when each is other than told. @type {Map<string, number>} */
  #since = new Map();
  /** @type {Set<string>} */
  #told = new Set();
  /** @type {Quality | null} */
  #quality = null;
  /** Where the window of losses began. @type {{at: number, received: number, lost: number} | null} */
  #window = null;
  #mosHere = CONTENT_MOS;
  #spokeAt = -Infinity;
  #path = '';
  #pathAt = -Infinity;

  /** Those that have been told and not taken back, the oldest first. */
  get codes() {
    return [...this.#told];
  }

  /** What the gateway said of the other side that cannot be heard, for `one-way-audio`. */
  get verdict() {
    return this.#quality?.verdict.text;
  }

  /** @param {Quality} quality */
  onQuality(quality) {
    this.#quality = quality;
  }

  /**
   * @param {Signs} signs
   * @param {number} now milliseconds since whenever
   * @returns {{code: string, on: boolean}[]} what is new
   */
  look(signs, now) {
    this.#measure(signs, now);
    const states = this.#states(signs, now);
    return Object.keys(PATIENCE).flatMap((code) => (this.#turns(code, states[code], now) ? [{ code, on: this.#told.has(code) }] : []));
  }

  /**
   * @param {Signs} signs
   * @param {number} now
   * @returns {Record<string, boolean | null | undefined>} whether each is so; null: not known, or between the two; undefined: it cannot be
   */
  #states({ muted, held, level, live, wanted }, now) {
    const quality = this.#quality;
    const verdict = quality?.verdict;
    const speaks = now - this.#spokeAt < PAUSE_MILLIS;
    const open = live && wanted;
    return {
      'bad-sound-here': held ? null : bad(Math.min(this.#mosHere, quality?.browser.mos ?? CONTENT_MOS)),
      'bad-sound-there': held ? null : bad(quality?.telephone.mos ?? CONTENT_MOS),
      'one-way-audio': Boolean(verdict?.fault && verdict.deaf !== 'nobody'),
      'muted-but-speaking': muted && open ? speaks : undefined,
      'microphone-silent': muted || held || !open ? undefined : level === null ? null : level < NOTHING ? true : level > SOUND ? false : null,
      'microphone-lost': !live,
      'path-changed': now - this.#pathAt < NEWS_MILLIS,
    };
  }

  /**
   * @param {string} code
   * @param {boolean | null | undefined} state
   * @param {number} now
   * @returns {boolean} whether it has been told or taken back just now
   */
  #turns(code, state, now) {
    const told = this.#told.has(code);
    if (state === null || Boolean(state) === told) {
      this.#since.delete(code);
      return false;
    }
    const since = this.#since.get(code) ?? now;
    this.#since.set(code, since);
    if (state !== undefined && now - since < PATIENCE[code][told ? 1 : 0]) {
      return false;
    }
    this.#since.delete(code);
    return told ? this.#told.delete(code) : Boolean(this.#told.add(code));
  }

  /**
   * @param {Signs} signs
   * @param {number} now
   */
  #measure({ level, path, codec, roundTripMillis, packetsReceived: received, packetsLost: lost }, now) {
    if (level !== null && level > SPEECH) {
      this.#spokeAt = now;
    }
    if (path && path !== this.#path) {
      this.#pathAt = this.#path ? now : this.#pathAt;
      this.#path = path;
    }
    const from = this.#window;
    if (!from || received < from.received) {
      this.#window = { at: now, received, lost }; // or another connection
    } else if (now - from.at >= WINDOW_MILLIS) {
      const missing = Math.max(0, lost - from.lost);
      const all = missing + received - from.received;
      this.#mosHere = all ? mosOf(codec, (100 * missing) / all, (roundTripMillis ?? 0) / 2 + ENDS_MILLIS) : CONTENT_MOS;
      this.#window = { at: now, received, lost };
    }
  }
}

/**
 * @param {number} mos
 * @returns {boolean | null}
 */
function bad(mos) {
  return mos < UNHAPPY_MOS ? true : mos < CONTENT_MOS ? null : false;
}

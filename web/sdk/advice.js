/** What warnings of a call and verdicts of a test say: each code in plain words, with what to do. docs/sdk.md prints this table. */
import { entryOf } from './errors.js';

/**
 * @typedef {object} Advice
 * @property {string} code
 * @property {string} text what is the matter, in plain words
 * @property {string} hint what the person can do; may be empty
 */

/** @type {Readonly<Record<string, readonly [text: string, hint: string]>>} */
export const ADVICE = Object.freeze({
  fine: ['Everything works.', ''],
  'bad-sound-here': ['Your connection is bad: words get lost.', 'Move closer to the router, use a cable, or stop other downloads.'],
  'bad-sound-there': ['The telephone’s connection is bad: words get lost.', 'Your network is fine. Call again.'],
  'one-way-audio': ['One side does not hear the other.', 'Check the microphone and the headset, or call again.'],
  'muted-but-speaking': ['You are speaking, but you are muted.', 'Unmute to be heard.'],
  'microphone-silent': ['Nothing comes from the microphone.', 'Is it switched on, and the right one?'],
  'microphone-lost': ['The microphone is gone.', 'Plug it in again, or choose another.'],
  'path-changed': ['The network has changed.', ''],
  'microphone-quiet': ['The microphone hardly hears you.', 'Speak louder, closer to it, or choose another.'],
  'microphone-clipping': ['The microphone is too loud.', 'Speak further away from it, or turn it down.'],
  'playback-blocked': ['The browser keeps this page silent.', 'Click somewhere on the page.'],
  'slow-path': ['The way to the gateway is long: you may talk across each other.', 'Try without a VPN, or another network.'],
  'detour': ['The sound takes a detour, because UDP is blocked.', 'Calls work, but sound better in another network.'],
});

/**
 * @param {string} code of the table, or of an error
 * @param {string} [text] more exact words
 * @returns {Readonly<Advice>}
 */
export function adviceOn(code, text) {
  const { text: said, hint } = entryOf(code);
  const [known, what] = ADVICE[code] ?? [said, hint];
  return Object.freeze({ code, text: text || known, hint: what });
}

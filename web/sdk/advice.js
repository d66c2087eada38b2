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
  'bad-sound-here': ['Your connection loses words.', 'Move closer to the router, or use a cable.'],
  'bad-sound-there': ['The telephone’s connection loses words.', 'Call again.'],
  'one-way-audio': ['One side does not hear the other.', 'Check the microphone, or call again.'],
  'muted-but-speaking': ['You are speaking while muted.', 'Unmute to be heard.'],
  'microphone-silent': ['Nothing comes from the microphone.', 'Is it switched on, and the right one?'],
  'microphone-lost': ['The microphone is gone.', 'Plug it in again, or choose another.'],
  'path-changed': ['The network has changed.', ''],
  'microphone-quiet': ['The microphone hardly hears you.', 'Speak closer to it, or choose another.'],
  'microphone-clipping': ['The microphone is too loud.', 'Turn it down.'],
  'playback-blocked': ['The browser keeps this page silent.', 'Touch the page.'],
  'slow-path': ['Sound takes long on its way.', 'Try another network, without a VPN.'],
  detour: ['UDP is blocked: the sound takes a detour.', 'Calls work; another network is better.'],
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

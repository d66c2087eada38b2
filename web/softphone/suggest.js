/** Whom somebody means who types a name, an extension or a number. Pure. */
import { formatNumber, normaliseNumber } from '../sdk/index.js';

/**
 * @typedef {object} Person
 * @property {string} name
 * @property {string} number to dial: an extension, or E.164
 * @property {string} [state] of a colleague
 */

/** @typedef {{colleagues: readonly Person[], recent: readonly Person[]}} Known */

const MOST = 8;

/**
 * @param {string} text
 * @param {Known} known
 * @returns {Person[]} those that fit, colleagues first, none twice
 */
export function suggest(text, { colleagues, recent }) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [];
  }
  const digits = text.replace(/[^\d+]/g, '');
  /** @type {Map<string, Person>} */
  const found = new Map();
  for (const person of [...colleagues, ...recent]) {
    const byName = startsWords(person.name, words);
    const byNumber = digits.length > 0 && !/\p{L}/u.test(text) && bare(person.number).includes(digits.replace(/^\+/, ''));
    if (person.number && (byName || byNumber) && !found.has(person.number)) {
      found.set(person.number, person);
    }
  }
  return [...found.values()].slice(0, MOST);
}

/**
 * @param {string} text as somebody has typed it
 * @param {Known} known
 * @returns {string | null} what to dial; null: that is no number, and not exactly one person
 */
export function dialled(text, known) {
  if (/\p{L}/u.test(text)) {
    const all = [...known.colleagues, ...known.recent].filter(({ number }) => number);
    const exact = new Set(all.filter(({ name }) => fold(name) === fold(text)).map(({ number }) => number));
    const fitting = suggest(text, known);
    return exact.size === 1 ? [...exact][0] : exact.size === 0 && fitting.length === 1 ? fitting[0].number : null;
  }
  const plain = text.replace(/[\s().\-/]/g, '');
  return normaliseNumber(text) ?? (/^[0-9*#]{1,32}$/.test(plain) ? plain : null);
}

/**
 * How somebody is called: their name, else the number as it is read.
 *
 * @param {string} number
 * @param {string} name
 * @param {Known} known
 * @returns {string} empty: nothing is known
 */
export function nameOf(number, name, { colleagues }) {
  return colleagues.find((each) => number !== '' && each.number === number)?.name || name || formatNumber(number);
}

/** @param {string} text */
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** @param {string} number */
const bare = (number) => number.replace(/^\+/, '');

/**
 * @param {string} name
 * @param {string[]} words each has to begin a word of the name
 */
function startsWords(name, words) {
  const parts = fold(name).split(/[\s.@_-]+/);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

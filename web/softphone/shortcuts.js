/**
 * Keys that do something wherever the focus is: Alt+Shift and a letter, so that nobody's typing and no screen reader's single letters are
 * taken (WCAG 2.2, 2.1.4), and `?` outside of fields. All can be switched off. Pure.
 */

/** @typedef {'pickup'|'refuse'|'hold'|'mute'|'end'|'keypad'|'transfer'|'note'|'join'|'dial'|'state'|'help'} Deed */

/** By letter. Alt+Shift with T, I, A and B is Chromium's own. @type {Readonly<Record<string, Deed>>} */
export const KEYS = Object.freeze({
  P: 'pickup', R: 'refuse', H: 'hold', M: 'mute', X: 'end', K: 'keypad', V: 'transfer', N: 'note', J: 'join', L: 'dial', S: 'state',
});

/**
 * What of a key press matters.
 *
 * @typedef {object} Press
 * @property {string} key
 * @property {string} code
 * @property {boolean} altKey
 * @property {boolean} shiftKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} [repeat]
 * @property {boolean} [isComposing]
 */

/**
 * @param {Press} press
 * @param {boolean} typing whether the focus is where text is typed
 * @returns {Deed | number | null} a number: the call of that place, from 1
 */
export function deedOf({ key, code, altKey, shiftKey, ctrlKey, metaKey, repeat, isComposing }, typing) {
  if (repeat || isComposing || ctrlKey || metaKey) {
    return null;
  }
  if (altKey && shiftKey) {
    const digit = /^Digit([1-9])$/.exec(code); // Shift makes another character of it
    // On a Mac, Option makes another character of a letter; where the letters lie otherwise, the key says it.
    const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : (/^Key([A-Z])$/.exec(code)?.[1] ?? '');
    return digit ? Number(digit[1]) : (KEYS[letter] ?? null);
  }
  return key === '?' && !altKey && !typing ? 'help' : null;
}

/** Whether what has the focus takes text. @param {{tagName?: string, type?: string, isContentEditable?: boolean} | null} focused */
export function takesText(focused) {
  const tag = focused?.tagName?.toUpperCase();
  return tag === 'TEXTAREA' || tag === 'SELECT' || focused?.isContentEditable === true ||
    (tag === 'INPUT' && !['button', 'checkbox', 'radio', 'range', 'submit'].includes(focused?.type ?? ''));
}

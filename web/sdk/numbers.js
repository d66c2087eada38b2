/**
 * Telephone numbers: E.164 out of what people type, and the spaces they expect while they type. A formatter for the
 * countries most called; elsewhere the number is shown in threes, never changed.
 */
/** E.164 country codes of two digits; the others have three, but for 1 and 7. */
const TWO_DIGIT_CODES =
  /^(20|27|3[0-469]|4[0-13-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * Groups of the national number by its first digits, the first match counts; the last group takes what is left.
 *
 * @type {Readonly<Record<string, readonly (readonly [RegExp, readonly number[]])[]>>}
 */
const GROUPS = {
  1: [[/^/, [3, 3, 4]]],
  7: [[/^/, [3, 3, 2, 2]]],
  27: [[/^/, [2, 3, 4]]],
  30: [[/^/, [3, 3, 4]]],
  31: [[/^6/, [1, 2, 2, 2, 2]], [/^(1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7|8[58])/, [2, 3, 4]], [/^/, [3, 3, 3]]],
  32: [[/^4/, [3, 2, 2, 2]], [/^[2349]/, [1, 3, 2, 2]], [/^/, [2, 2, 2, 2]]],
  33: [[/^/, [1, 2, 2, 2, 2]]],
  34: [[/^/, [3, 3, 3]]],
  36: [[/^1/, [1, 3, 4]], [/^/, [2, 3, 4]]],
  39: [[/^3/, [3, 3, 4]], [/^0[26]/, [2, 4, 4]], [/^/, [3, 3, 4]]],
  41: [[/^/, [2, 3, 2, 2]]],
  43: [[/^1/, [1, 3, 4]], [/^/, [3, 3, 4]]],
  44: [[/^2/, [2, 4, 4]], [/^(1\d1|11|3|8|9)/, [3, 3, 4]], [/^/, [4, 6]]],
  45: [[/^/, [2, 2, 2, 2]]],
  46: [[/^8/, [1, 3, 2, 2]], [/^/, [2, 3, 2, 2]]],
  47: [[/^[489]/, [3, 2, 3]], [/^/, [2, 2, 2, 2]]],
  48: [[/^/, [3, 3, 3]]],
  49: [[/^1/, [3, 4, 4]], [/^(30|40|69|89)/, [2, 4, 4]], [/^[2-9]\d1/, [3, 4, 4]], [/^/, [4, 4, 4]]],
  52: [[/^(33|5[56]|81)/, [2, 4, 4]], [/^/, [3, 3, 4]]],
  55: [[/^\d\d9/, [2, 5, 4]], [/^/, [2, 4, 4]]],
  61: [[/^4/, [3, 3, 3]], [/^/, [1, 4, 4]]],
  64: [[/^2/, [2, 3, 4]], [/^/, [1, 3, 4]]],
  65: [[/^/, [4, 4]]],
  81: [[/^[5789]0/, [2, 4, 4]], [/^[36]/, [1, 4, 4]], [/^/, [2, 3, 4]]],
  82: [[/^2/, [1, 4, 4]], [/^/, [2, 4, 4]]],
  86: [[/^(10|2)/, [2, 4, 4]], [/^/, [3, 4, 4]]],
  90: [[/^/, [3, 3, 2, 2]]],
  91: [[/^/, [5, 5]]],
  351: [[/^/, [3, 3, 3]]],
  353: [[/^1/, [1, 3, 4]], [/^/, [2, 3, 4]]],
  358: [[/^/, [2, 3, 4]]],
  380: [[/^/, [2, 3, 2, 2]]],
  420: [[/^/, [3, 3, 3]]],
  852: [[/^/, [4, 4]]],
};

/**
 * @param {string} digits an E.164 number without its plus
 * @returns {string} its country code; what there is of it while it is incomplete
 */
function countryCode(digits) {
  if (/^[17]/.test(digits)) {
    return digits[0];
  }
  return digits.slice(0, TWO_DIGIT_CODES.test(digits) ? 2 : 3);
}

/**
 * Makes E.164 of what a person typed or pasted: spaces, brackets, dashes, `tel:`, a trunk `(0)` after the country
 * code, and the international prefixes 00 and 011 are understood.
 *
 * @param {string} text
 * @returns {string | null} `+` and 7 to 15 digits; null when it is no international number
 */
export function normaliseNumber(text) {
  const bare = text
    .trim()
    .replace(/^tel:/i, '')
    .replace(/;.*$/, '')
    .replace(/^(\+|00)(.*?)\(0\)/, '$1$2')
    .replace(/[\s().\-/\u2010-\u2015\u00a0\u202f]/g, '');
  const international = bare.replace(/^(00|011)(?=[1-9])/, '+');
  return /^\+[1-9]\d{6,14}$/.test(international) ? international : null;
}

/**
 * @param {string} number E.164 with its plus, complete or not
 * @returns {string} with the spaces of its country; anything else comes back as it is
 */
export function formatNumber(number) {
  if (!/^\+\d+$/.test(number)) {
    return number;
  }
  const digits = number.slice(1);
  const code = countryCode(digits);
  const national = digits.slice(code.length);
  if (!national) {
    return number;
  }
  const rules = GROUPS[code] ?? [];
  const groups = rules.find(([start]) => start.test(national))?.[1];
  return `+${code} ${groups ? cut(national, groups) : inThrees(national)}`;
}

/**
 * @param {string} digits
 * @param {readonly number[]} groups
 */
function cut(digits, groups) {
  const parts = [];
  let at = 0;
  for (const size of groups.slice(0, -1)) {
    parts.push(digits.slice(at, at + size));
    at += size;
  }
  parts.push(digits.slice(at));
  return parts.filter(Boolean).join(' ');
}

/** @param {string} digits */
function inThrees(digits) {
  /** @type {string[]} */
  const parts = digits.match(/.{1,3}/g) ?? [];
  if (parts.length > 1 && parts[parts.length - 1].length === 1) {
    parts.push(parts.splice(-2).join('')); // no digit stands alone
  }
  return parts.join(' ');
}

/**
 * What of a text can be dialled. A pasted number may carry what would only spoil it: a trunk `(0)` after the country
 * code, an extension, parameters of a `tel:` address.
 *
 * @param {string} text
 */
function keysIn(text) {
  return text
    .replace(/^(\D*(?:\+|00)[\d\s.-]*)\(0\)/, '$1')
    .replace(/(\d)\s*(?:;[a-z-]+=.*|[,;]?\s*(?:ext|x)\.?\s*\d{1,6}\s*)$/i, '$1')
    .replace(/[^\d+*#]/g, '')
    .replace(/(?!^)\+/g, '');
}

/**
 * Formats the content of a number field while it is being typed, and says where the caret belongs then.
 *
 * @param {string} text what the field holds
 * @param {number} caret where the caret stands in it
 * @returns {{text: string, caret: number}}
 */
export function formatAsTyped(text, caret) {
  let bare = keysIn(text);
  let before = Math.min(bare.length, keysIn(text.slice(0, caret)).length);
  if (/^00[1-9]/.test(bare)) {
    bare = `+${bare.slice(2)}`;
    before = Math.max(0, before - 1);
  }
  const formatted = formatNumber(bare);
  let at = 0;
  for (let seen = 0; seen < before && at < formatted.length; at++) {
    if (formatted[at] !== ' ') {
      seen++;
    }
  }
  return { text: formatted, caret: at };
}

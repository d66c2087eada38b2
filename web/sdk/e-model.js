/**
 * How people would rate a connection, estimated as the gateway does: the E-model (ITU-T G.107), narrowband, with the figures and the
 * reasons of its `EModel`. A table holds the two together. Pure.
 */

/** Above this nearly everybody is content, below it some are not; below the other nearly nobody is (G.107, Annex B). */
export const CONTENT_MOS = 3.6;
export const UNHAPPY_MOS = 3.1;

/** What cannot be seen from here: one packet at the mouth, and the playout buffer at the ear. */
export const ENDS_MILLIS = 60;

/**
 * @param {string} codec its MIME type
 * @param {number} lossPercent what is missing, 0 to 100
 * @param {number} oneWayMillis from mouth to ear
 * @returns {number} mean opinion score, 1 to 4.5
 */
export function mosOf(codec, lossPercent, oneWayMillis) {
  const [ie, bpl] = /opus/i.test(codec) ? [5, 10] : [0, 25.1]; // G.113 Appendix I
  const x = Math.log2(Math.max(oneWayMillis, 100) / 100);
  const sixth = (/** @type {number} */ y) => (1 + y ** 6) ** (1 / 6);
  const delay = 25 * (sixth(x) - 3 * sixth(x / 3) + 2); // §7.4
  const r = Math.max(0, 93.2 - delay - ie - ((95 - ie) * lossPercent) / (lossPercent + bpl)); // §7.1, §7.5
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

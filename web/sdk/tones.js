/**
 * What a caller hears while the telephone rings, is busy, or the network is full: per country, after ITU-T E.180
 * Supplement 2 "Various tones used in national networks", by E.164 prefix. Pure: a table and a synthesiser.
 *
 * A tone is written as `FREQUENCIES ON-OFF ON-OFF …`, seconds, repeated for ever; parts after a comma have frequencies
 * of their own. `a+b` sounds together, `a*b` is a modulated by b.
 */

/**
 * @typedef {object} CountryTones
 * @property {string} ringing
 * @property {string} busy
 * @property {string} congestion
 */

/** @typedef {'ringing'|'busy'|'congestion'} ToneKind */

/**
 * @param {string} ringing
 * @param {string} busy
 * @param {string} congestion
 * @returns {Readonly<CountryTones>}
 */
const tones = (ringing, busy, congestion) => Object.freeze({ ringing, busy, congestion });

const UK_RINGING = '400+450 .4-.2 .4-2';
const UK_CONGESTION = '400 .4-.35 .225-.525';
const US_RINGING = '440+480 2-4';
const US_BUSY = '480+620 .5-.5';
const US_CONGESTION = '480+620 .25-.25';
const EURO_RINGING = '425 1-4';

/** By E.164 country code. @type {Readonly<Record<string, Readonly<CountryTones>>>} */
export const COUNTRY_TONES = Object.freeze({
  1: tones(US_RINGING, US_BUSY, US_CONGESTION),
  7: tones('425 .8-3.2', '425 .4-.4', '425 .2-.2'),
  27: tones('400*33 .4-.2 .4-2', '400 .5-.5', '400 .25-.25'),
  30: tones(EURO_RINGING, '425 .3-.3', '425 .2-.2'),
  31: tones(EURO_RINGING, '425 .5-.5', '425 .25-.25'),
  32: tones('425 1-3', '425 .5-.5', '425 .167-.167'),
  33: tones('440 1.5-3.5', '440 .5-.5', '440 .25-.25'),
  34: tones('425 1.5-3', '425 .2-.2', '425 .2-.2 .2-.2 .2-.6'),
  36: tones('425 1.25-3.75', '425 .3-.3', '425 .3-.3'),
  39: tones(EURO_RINGING, '425 .5-.5', '425 .2-.2'),
  40: tones('450 1.85-4.15', '450 .167-.167', '450 .5-.5'),
  41: tones(EURO_RINGING, '425 .5-.5', '425 .2-.2'),
  43: tones('420 1-5', '420 .4-.4', '420 .2-.2'),
  44: tones(UK_RINGING, '400 .375-.375', UK_CONGESTION),
  45: tones(EURO_RINGING, '425 .5-.5', '425 .2-.2'),
  46: tones('425 1-5', '425 .25-.25', '425 .25-.75'),
  47: tones(EURO_RINGING, '425 .5-.5', '425 .2-.2'),
  48: tones(EURO_RINGING, '425 .5-.5', '425 .5-.5'),
  49: tones(EURO_RINGING, '425 .48-.48', '425 .24-.24'),
  52: tones(EURO_RINGING, '425 .25-.25', '425 .25-.25'),
  54: tones('425 1-4.5', '425 .3-.3', '425 .2-.3'),
  55: tones(EURO_RINGING, '425 .25-.25', '425 .25-.25 .75-.25'),
  56: tones('400 1-3', '400 .5-.5', '400 .2-.2'),
  57: tones('425 1-4.5', '425 .25-.25', '425 .1-.25 .35-.25 .65-.25'),
  58: tones(EURO_RINGING, '425 .5-.5', '425 .25-.25'),
  60: tones('425 .4-.2 .4-2', '425 .5-.5', '425 .5-.5'),
  61: tones('400+450 .4-.2 .4-2', '425 .375-.375', '425 .375-.375'),
  63: tones('425+480 1-4', US_BUSY, US_CONGESTION),
  64: tones(UK_RINGING, '400 .5-.5', '400 .25-.25'),
  65: tones('425*24 .4-.2 .4-2', '425 .75-.75', '425 .25-.25'),
  66: tones('400 1-4', '400 .5-.5', '400 .3-.3'),
  81: tones('400*16 1-2', '400 .5-.5', '400 .5-.5'),
  82: tones('440+480 1-2', US_BUSY, '480+620 .3-.2'),
  86: tones('450 1-4', '450 .35-.35', '450 .7-.7'),
  90: tones('450 2-4', '450 .5-.5', '450 .2-.2 .2-.2 .2-.2 .6-.2'),
  91: tones('400*25 .4-.2 .4-2', '400 .75-.75', '400 .25-.25'),
  92: tones('400 1-2', '400 .5-.5', '400 .25-.25'),
  98: tones(EURO_RINGING, '425 .5-.5', '425 .24-.24'),
  254: tones('425 .67-3 1.5-5', '425 .2-.6', '425 .2-.6'),
  351: tones('425 1-5', '425 .5-.5', '425 .2-.2'),
  353: tones(UK_RINGING, '425 .5-.5', UK_CONGESTION),
  358: tones(EURO_RINGING, '425 .3-.3', '425 .2-.2'),
  359: tones(EURO_RINGING, '425 .5-.5', '425 .25-.25'),
  370: tones(EURO_RINGING, '425 .35-.35', '425 .2-.2'),
  372: tones(EURO_RINGING, '425 .3-.3', '425 .2-.2'),
  380: tones(EURO_RINGING, '425 .5-.5', '425 .25-.25'),
  420: tones(EURO_RINGING, '425 .33-.33', '425 .165-.165'),
  421: tones(EURO_RINGING, '425 .33-.33', '425 .165-.165'),
  507: tones('425 1.2-4.65', '425 .32-.32', '425 .32-.32'),
  852: tones('440+480 .4-.2 .4-3', US_BUSY, US_CONGESTION),
  853: tones(EURO_RINGING, '425 .5-.5', '425 .25-.25'),
  886: tones('440+480 1-2', US_BUSY, US_CONGESTION),
  971: tones(UK_RINGING, '400 .375-.375', UK_CONGESTION),
  972: tones('414 1-3', '414 .5-.5', '414 .25-.25'),
});

/** What E.180 recommends where a country has nothing of its own here: 425 Hz. */
export const DEFAULT_TONES = tones(EURO_RINGING, '425 .5-.5', '425 .25-.25');

/**
 * @param {string} number E.164 with its plus
 * @returns {string} its country code, where this table has it; else empty
 */
export function countryCodeOf(number) {
  for (let length = 3; length > 0; length--) {
    const code = number.slice(1, 1 + length);
    if (number.startsWith('+') && Object.hasOwn(COUNTRY_TONES, code)) {
      return code;
    }
  }
  return '';
}

/**
 * @param {string} number E.164 with its plus
 * @returns {Readonly<CountryTones>} the tones of the called country
 */
export function tonesOf(number) {
  return COUNTRY_TONES[countryCodeOf(number)] ?? DEFAULT_TONES;
}

/**
 * @param {string} number
 * @param {ToneKind} kind
 * @returns {string} the tone as this module writes it
 */
export function toneFor(number, kind) {
  return tonesOf(number)[kind];
}

/**
 * @typedef {object} Segment
 * @property {number[]} frequenciesHertz none: silence
 * @property {number} modulationHertz 0: none
 * @property {number} seconds
 */

/**
 * @param {string} tone
 * @returns {Segment[]} one period of it
 */
export function parseTone(tone) {
  return tone.split(',').flatMap((part) => {
    const [sound, ...cadence] = part.trim().split(' ');
    const [carriers, modulation = '0'] = sound.split('*');
    const frequenciesHertz = carriers.split('+').map(Number);
    return cadence.flatMap((pair) => {
      const [on, off] = pair.split('-').map(Number);
      return [
        { frequenciesHertz, modulationHertz: Number(modulation), seconds: on },
        { frequenciesHertz: [], modulationHertz: 0, seconds: off },
      ];
    });
  });
}

const EDGE_SECONDS = 0.005; // long enough not to click, too short to hear

/**
 * @param {string} tone
 * @param {number} sampleRate
 * @returns {Float32Array<ArrayBuffer>} one period, full scale 1
 */
export function synthesize(tone, sampleRate) {
  const segments = parseTone(tone);
  const total = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  const samples = new Float32Array(Math.round(total * sampleRate));
  let start = 0;
  for (const segment of segments) {
    const end = Math.min(samples.length, start + Math.round(segment.seconds * sampleRate));
    if (segment.frequenciesHertz.length > 0) {
      sound(samples, start, end, segment, sampleRate);
    }
    start = end;
  }
  return samples;
}

/**
 * @param {Float32Array} samples
 * @param {number} start
 * @param {number} end
 * @param {Segment} segment
 * @param {number} sampleRate
 */
function sound(samples, start, end, segment, sampleRate) {
  const { frequenciesHertz, modulationHertz } = segment;
  const edge = EDGE_SECONDS * sampleRate;
  for (let i = start; i < end; i++) {
    const seconds = (i - start) / sampleRate;
    let value = 0;
    for (const hertz of frequenciesHertz) {
      value += Math.sin(2 * Math.PI * hertz * seconds);
    }
    value /= frequenciesHertz.length;
    if (modulationHertz > 0) {
      value *= (1 + Math.sin(2 * Math.PI * modulationHertz * seconds)) / 2;
    }
    samples[i] = value * Math.min(1, (i - start) / edge, (end - i) / edge);
  }
}

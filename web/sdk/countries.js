/** What the countries are called whose tones are known. Pure. */
import { countryCodeOf } from './tones.js';

/** By E.164 country code. @type {Readonly<Record<string, string>>} */
const NAMES = {
  1: 'North America', 7: 'Russia and Kazakhstan', 27: 'South Africa', 30: 'Greece', 31: 'Netherlands', 32: 'Belgium',
  33: 'France', 34: 'Spain', 36: 'Hungary', 39: 'Italy', 40: 'Romania', 41: 'Switzerland', 43: 'Austria', 44: 'United Kingdom',
  45: 'Denmark', 46: 'Sweden', 47: 'Norway', 48: 'Poland', 49: 'Germany', 52: 'Mexico', 54: 'Argentina', 55: 'Brazil',
  56: 'Chile', 57: 'Colombia', 58: 'Venezuela', 60: 'Malaysia', 61: 'Australia', 63: 'Philippines', 64: 'New Zealand',
  65: 'Singapore', 66: 'Thailand', 81: 'Japan', 82: 'South Korea', 86: 'China', 90: 'Turkey', 91: 'India', 92: 'Pakistan',
  98: 'Iran', 254: 'Kenya', 351: 'Portugal', 353: 'Ireland', 358: 'Finland', 359: 'Bulgaria', 370: 'Lithuania', 372: 'Estonia',
  380: 'Ukraine', 420: 'Czechia', 421: 'Slovakia', 507: 'Panama', 852: 'Hong Kong', 853: 'Macao', 886: 'Taiwan',
  971: 'United Arab Emirates', 972: 'Israel',
};

/**
 * @param {string} number E.164 with its plus
 * @returns {string} the country it is called in; empty when this SDK has no name for it
 */
export function countryOf(number) {
  return NAMES[countryCodeOf(number)] ?? '';
}

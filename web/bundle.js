/**
 * What a page gets by one script tag: the way in of dist/ringdown.js. The registry of all error texts, the tables for number fields and
 * the way through menus stay out of it: sdk/index.js has them.
 */
export { Call, RingdownClient, RingdownError, normaliseNumber } from './sdk/index.js';

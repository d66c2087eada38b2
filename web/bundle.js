/**
 * What a page gets by one script tag: the way in of dist/ringdown.js. The registry of all error texts and the tables for number fields
 * stay out of it: sdk/index.js has them. The way through menus and the test before a call lie beside it (build.js).
 */
export { Call, RingdownClient, RingdownError, normaliseNumber } from './sdk/index.js';
export { RingdownCall } from './element/index.js';

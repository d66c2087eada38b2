/**
 * What a page gets by one script tag: the way in of dist/ringdown.js. The registry of all error texts, the tables for number fields, the
 * way through menus and the test before a call stay out of it: sdk/index.js has them.
 */
export { Call, RingdownClient, RingdownError, normaliseNumber } from './sdk/index.js';
export { RingdownCall } from './element/index.js';

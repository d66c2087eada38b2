/** Defines the element `<ringdown-call>`: loading this module is all that a page does. */
import { RingdownCall } from './ringdown-call.js';

if (globalThis.customElements?.get('ringdown-call') === undefined) {
  globalThis.customElements?.define('ringdown-call', RingdownCall); // a page may load the SDK and the bundle, or one of them twice
}

export { RingdownCall };

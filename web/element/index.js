/** Defines the element `<ringdown-call>`: loading this module is all that a page does. */
import { RingdownCall } from './ringdown-call.js';

if (!customElements.get('ringdown-call')) {
  customElements.define('ringdown-call', RingdownCall); // a page may load the SDK and the bundle, or one of them twice
}

export { RingdownCall };

/**
 * The Ringdown browser SDK: telephone calls from a web page. Plain ES modules, no dependency, no build step.
 *
 *     import { RingdownClient } from './sdk/index.js';
 *     const client = new RingdownClient({ url: 'wss://calls.example/v1/rtc', token });
 *     await client.connect();
 *     const call = await client.call({ to: '+12025550100' });
 *     call.addEventListener('established', () => console.log('talking'));
 */
export { RingdownClient } from './client.js';
export { Call } from './call.js';
export { RingdownError } from './errors.js';
export {
  DigitEvent,
  DigitReceiptEvent,
  DigitRoadEvent,
  DrainingEvent,
  EndedEvent,
  FailureEvent,
  HeardEvent,
  HoldEvent,
  IncomingEvent,
  LocalDigitEvent,
  NavigationStepEvent,
  QualityEvent,
  ResumedEvent,
  TransferEvent,
} from './events.js';
export { parseScript } from './navigation.js';
export { countryOf, formatAsTyped, formatNumber, normaliseNumber } from './numbers.js';
export { ERRORS } from './registry.js';
export { COUNTRY_TONES, toneFor } from './tones.js';

/**
 * The Ringdown browser SDK: telephone calls from a web page. Plain ES modules, no dependency, no build step.
 *
 *     import { RingdownClient } from './sdk/index.js';
 *     const client = new RingdownClient({ url: 'wss://calls.example/v1/rtc', token });
 *     await client.connect();
 *     const call = await client.call({ to: '+12025550100' });
 *     call.addEventListener('established', () => console.log('talking'));
 */
export { ADVICE } from './advice.js';
export { RingdownClient } from './client.js';
export { Call } from './call.js';
export { countryOf } from './countries.js';
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
  PathChangeEvent,
  QualityEvent,
  ResumedEvent,
  TestProgressEvent,
  TransferEvent,
  WarningEvent,
} from './events.js';
export { parseScript } from './navigation.js';
export { formatAsTyped, formatNumber, normaliseNumber } from './numbers.js';
export { ERRORS } from './registry.js';
export { COUNTRY_TONES, toneFor } from './tones.js';

/**
 * @typedef {import('./call.js').CallEvents} CallEvents
 * @typedef {import('./call.js').CallState} CallState
 * @typedef {import('./call.js').DigitOptions} DigitOptions
 * @typedef {import('./call.js').Diverted} Diverted
 * @typedef {import('./call.js').NavigationOptions} NavigationOptions
 * @typedef {import('./client.js').CallOptions} CallOptions
 * @typedef {import('./client.js').ClientEvents} ClientEvents
 * @typedef {import('./client.js').ClientOptions} ClientOptions
 * @typedef {import('./client.js').ClientState} ClientState
 * @typedef {import('./client.js').TokenFunction} TokenFunction
 * @typedef {import('./devices.js').Device} Device
 * @typedef {import('./devices.js').Devices} Devices
 * @typedef {import('./errors.js').EndReason} EndReason
 * @typedef {import('./errors.js').ErrorEntry} ErrorEntry
 * @typedef {import('./events.js').LegQuality} LegQuality
 * @typedef {import('./events.js').Verdict} Verdict
 * @typedef {import('./hold.js').Holder} Holder
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 * @typedef {import('./navigation.js').Step} Step
 * @typedef {import('./navigation.js').StepRecord} StepRecord
 * @typedef {import('./receipts.js').DigitReceipt} DigitReceipt
 * @typedef {import('./receipts.js').DigitRoad} DigitRoad
 * @typedef {import('./stats.js').CallStats} CallStats
 */

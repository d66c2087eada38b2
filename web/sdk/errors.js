/**
 * What can go wrong, as the SDK says it: each code with what happened, what to do about it, and whether trying the same again makes
 * sense. registry.js has all codes, those of the gateway too.
 */

/** @typedef {import('./receipts.js').DigitReceipt} DigitReceipt */
/** @typedef {import('./navigation.js').StepName} StepName */

/**
 * @typedef {object} ErrorEntry
 * @property {string} text what happened, in plain words
 * @property {string} hint what the person or the developer can do
 * @property {boolean} retryable whether the same request may succeed later without a change
 */

/**
 * @param {string} text
 * @param {string} hint
 * @param {boolean} retryable
 * @returns {ErrorEntry}
 */
export const entry = (text, hint, retryable) => Object.freeze({ text, hint, retryable });

/** Endings that the SDK tells by itself, or that a start can be refused with. The gateway tells all others in words of its own. */
export const ENDINGS = Object.freeze({
  normal: entry('The call has ended.', '', true),
  cancelled: entry('The call was cancelled before it was answered.', '', true),
  declined: entry('The call was declined.', '', true),
  busy: entry('The line is busy.', 'Try again in a few minutes.', true),
  'not-permitted': entry('This call is not permitted.', 'Ask whoever runs this service whether the number may be called.', false),
  'limit-reached': entry('No more calls can be made just now.', 'Try again later.', true),
  'time-is-up': entry('The call has reached its longest time.', '', false),
  'media-not-acceptable': entry(
    'The two ends have no way of sending sound in common.',
    'The operator should compare the codecs of trunk and browser.',
    false,
  ),
  'bad-number': entry(
    'This is not a telephone number.',
    'Write it with + and the country code, such as +44 20 7946 0000.',
    false,
  ),
  'socket-lost': entry('The connection to the gateway was lost.', 'Call again when it is back.', true),
  internal: entry('Something went wrong inside the gateway.', 'Try again; tell the operator if it stays.', true),
});

/** A request the gateway could not do (docs/protocol.md, "Errors"). */
const REFUSALS = Object.freeze({
  'unknown-type': entry('The gateway does not know this message.', 'SDK and gateway are of different versions.', false),
  'bad-message': entry('The gateway could not read a message.', 'SDK and gateway are of different versions.', false),
  'too-fast': entry('Too many messages at once.', 'Wait a second and try again.', true),
  'not-greeted': entry('The connection was not signed in.', 'Call connect() first.', true),
  unauthorized: entry('The gateway does not accept the sign-in.', 'The token is missing, wrong or expired: fetch a new one.', false),
  'token-expired': entry('The token has run out, or was for one call.', 'Fetch a new one, or give the client a tokenUrl.', false),
  'unknown-call': entry('The gateway does not know this call (any more).', 'It has ended meanwhile.', false),
  'bad-sdp': entry("The gateway cannot use this browser's offer.", 'Use a current version of the browser.', false),
  'bad-digits': entry('These are not keys of a telephone.', 'Use 0-9, *, #, A-D, and a comma for a pause of two seconds.', false),
  'no-telephone-event': entry('The other side takes no digits.', 'The trunk did not agree to telephone-event.', false),
  'hold-refused': entry('The telephone network does not resume the call.', 'It is still on hold; try again in a moment.', true),
  'no-transfer': entry('This call cannot be transferred like that.', '', false),
  'wrong-state': entry('This cannot be done at this moment of the call.', 'Look at call.state first.', false),
});

/** What goes wrong before the gateway hears of it. */
const LOCAL = Object.freeze({
  'microphone-denied': entry(
    'The browser does not let this page use the microphone.',
    'Allow the microphone in the browser’s address bar, then try again.',
    true,
  ),
  'microphone-missing': entry('No microphone was found.', 'Plug one in, or call without one: you will only listen.', true),
  'microphone-busy': entry('The microphone cannot be opened.', 'Another program may be using it: close that and try again.', true),
  'not-loaded': entry('A part of the SDK could not be loaded.', 'Put all files of the SDK in one place; the network may be gone.', true),
  'no-speaker-choice': entry('This browser lets no page choose a speaker.', 'Choose it in the settings of the system.', false),
  'speaker-missing': entry('This speaker cannot be used.', 'It may have been unplugged: choose another.', true),
  'insecure-page': entry(
    'This page has no microphone: it was not loaded over https.',
    'Open it by https, or on this machine by http://localhost.',
    false,
  ),
  'no-webrtc': entry('This browser cannot make calls.', 'Use a current Chromium, Firefox or Safari; WebRTC may be switched off.', false),
  'socket-unreachable': entry('The gateway cannot be reached.', 'Check the network and the address of the gateway.', true),
  'token-failed': entry('No token could be fetched.', 'Look at what tokenUrl answered, or the token function threw.', true),
  'not-connected': entry('There is no connection to the gateway.', 'Wait for the connection to come back, or call connect().', true),
  aborted: entry('The request was given up.', '', true),
  'not-an-agent': entry('This user is no agent.', 'Sign in as another user.', false),
  'session-in-use': entry('The calls of this session are open in another tab.', 'Take them over, or go on there.', false),
  'taken-over': entry('Another tab has taken the calls over.', 'Go on there, or take them over again.', false),
  'call-ended': entry('The call ended before this was done.', 'call.reason says why it ended.', false),
  'digits-failed': entry('Not all presses got to the telephone.', 'error.receipts says what became of each.', true),
  'bad-script': entry(
    'This is no way through a menu.',
    'Write keys as for sendDigits(), and waits in braces: {answer}, {sound}, {silence}, {prompt}, {beep}, {pause 500}.',
    false,
  ),
  'navigation-timeout': entry(
    'What the menu was expected to do did not happen in time.',
    'error.step says at which step; listen to what the menu says there, or give it more time.',
    true,
  ),
  'navigation-aborted': entry('The way through the menu was given up.', '', true),
});

/** What the SDK has words for. @type {Readonly<Record<string, ErrorEntry>>} */
export const KNOWN = Object.freeze({ ...ENDINGS, ...REFUSALS, ...LOCAL });

const UNKNOWN = entry('Something went wrong.', 'Try again.', true);

/**
 * @param {string} code
 * @returns {ErrorEntry} what the SDK says of a code; of one that only the gateway has words for, something general
 */
export function entryOf(code) {
  return Object.hasOwn(KNOWN, code) ? KNOWN[code] : UNKNOWN;
}

/** A request that could not be done; `code` is one of `ERRORS`. */
export class RingdownError extends Error {
  /**
   * @param {string} code
   * @param {{text?: string, hint?: string, retryable?: boolean, cause?: unknown, receipts?: DigitReceipt[], step?: StepName}} [details] `text`, `hint`: more exact words
   */
  constructor(code, details = {}) {
    const known = entryOf(code);
    super(details.text || known.text, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RingdownError';
    /** @readonly */
    this.code = code;
    /** What to do about it. @readonly */
    this.hint = details.hint ?? known.hint;
    /** Whether the same request may succeed later. @readonly */
    this.retryable = details.retryable ?? known.retryable;
    /** Where it is about presses: what became of each, in order. @readonly */
    this.receipts = Object.freeze(details.receipts ?? []);
    /** Where it is about a way through a menu: the step that was under way. @type {StepName | null} @readonly */
    this.step = details.step ?? null;
  }

  /** Why presses failed, each reason once. */
  get reasons() {
    return [...new Set(this.receipts.filter(({ state }) => state === 'failed').map(({ reason }) => reason))];
  }
}

/**
 * Why a call ended.
 *
 * @typedef {object} EndReason
 * @property {string} cause a code of `ERRORS`
 * @property {string} text what happened, in plain words
 * @property {string} hint what to do about it; may be empty
 * @property {'none'|'caller'|'callee'|'trunk'|'gateway'|'network'} blame on whose side it lay
 * @property {boolean} retryable whether calling again makes sense
 * @property {boolean} failed false when the call ended as calls do: hung up, cancelled, declined, taken elsewhere
 * @property {number} [sip] the SIP status the trunk gave
 * @property {number} [q850] the Q.850 cause the trunk gave
 */

const AS_CALLS_DO = new Set(['normal', 'cancelled', 'declined', 'answered-elsewhere', 'transferred', 'taken-over']);
const BLAMES = new Set(['none', 'caller', 'callee', 'trunk', 'gateway', 'network']);

/**
 * Reads an `ended` message, or what the SDK says by itself in place of one.
 *
 * @param {Record<string, unknown>} message
 * @returns {Readonly<EndReason>}
 */
export function endReason(message) {
  const cause = typeof message.cause === 'string' ? message.cause : 'internal';
  const known = entryOf(cause);
  const text = typeof message.text === 'string' ? message.text : '';
  const blame = typeof message.blame === 'string' && BLAMES.has(message.blame) ? message.blame : 'none';
  return Object.freeze({
    cause,
    text: text || known.text,
    hint: typeof message.hint === 'string' ? message.hint : text ? '' : known.hint, // the gateway leaves out what is empty
    blame: /** @type {EndReason['blame']} */ (blame),
    retryable: typeof message.retry === 'boolean' ? message.retry : known.retryable,
    failed: !AS_CALLS_DO.has(cause),
    ...(typeof message.sip === 'number' ? { sip: message.sip } : {}),
    ...(typeof message.q850 === 'number' ? { q850: message.q850 } : {}),
  });
}

/**
 * A part of the SDK that is loaded when it is asked for.
 *
 * @template T
 * @param {Promise<T>} part
 * @returns {Promise<T>}
 * @throws {RingdownError} not-loaded
 */
export const loaded = (part) =>
  part.catch((cause) => {
    throw new RingdownError('not-loaded', { cause });
  });

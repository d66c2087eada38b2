/** What the page says of presses, roads and menus, in words for people. */

/**
 * @typedef {import('../sdk/receipts.js').DigitReceipt} DigitReceipt
 * @typedef {import('../sdk/receipts.js').PressState} PressState
 * @typedef {import('../sdk/receipts.js').DigitRoad} DigitRoad
 * @typedef {import('../sdk/navigation.js').Step} Step
 */

/** @type {Readonly<Record<PressState, string>>} */
const STATES = {
  waiting: 'waiting',
  accepted: 'waiting in the gateway',
  sent: 'on the wire',
  confirmed: 'confirmed',
  unconfirmable: 'sent, but nobody can confirm it',
  failed: 'failed',
};

/** Why a press failed or cannot be confirmed. @type {Readonly<Record<string, string>>} */
export const REASONS = {
  'no-reports': 'this network sends no reports',
  'loss-reported': 'it may have been among what was lost',
  'signaling-lost': 'the connection to the gateway broke meanwhile',
  'call-ended': 'the call ended first',
  'no-road': 'digits cannot get to this telephone',
  'queue-full': 'too many were waiting',
  cancelled: 'cancelled',
  'line-gone': 'the call ended or moved before its turn',
  'on-hold': 'the call is on hold',
  lost: 'lost on the way',
  refused: 'the other side refused it',
  'no-answer': 'the other side did not answer',
};

/** @param {import('../sdk/index.js').TransferEvent} event */
export function transferWords({ by, stage, number, name, error }) {
  const whom = name ?? number ?? 'somebody else';
  switch (stage) {
    case 'asked':
      return 'The telephone network is asked to transfer them';
    case 'referred':
      return `They transfer you to ${whom}`;
    case 'trying':
    case 'ringing':
      return stage === 'ringing' ? 'It rings there' : 'The telephone network is looking for the number';
    case 'done':
      return by === 'browser' ? 'They are transferred' : `You talk to ${whom} now`;
    case 'failed':
      return error?.message ?? 'The transfer has failed';
  }
}

/** Who holds the call. @type {Readonly<Record<'browser'|'telephone'|'both', string>>} */
export const HOLDS = {
  browser: 'On hold',
  telephone: 'They have put you on hold',
  both: 'On hold on both sides',
};

/** @type {Readonly<Record<DigitRoad, string>>} */
const ROADS = {
  rtp: 'Digits travel as telephone-events',
  info: 'Digits travel as SIP INFO',
  inband: 'Digits travel as tones',
  none: 'Digits cannot get to this telephone',
};

/** @type {Readonly<Record<Step['kind'], string>>} */
const STEPS = {
  digits: 'Press',
  answer: 'Wait for the answer',
  sound: 'Wait for a sound',
  silence: 'Wait for silence',
  prompt: 'Hear an announcement to its end',
  beep: 'Wait for a beep',
  pause: 'Pause',
};

/**
 * @param {Pick<DigitReceipt, 'state'|'reason'>} receipt
 * @returns {string} what has become of a press
 */
export function pressWords({ state, reason }) {
  const why = reason ? `: ${REASONS[reason] ?? reason}` : '';
  return STATES[state] + why;
}

/** @param {DigitRoad} road */
export const roadWords = (road) => ROADS[road] ?? '';

/**
 * @param {Step} step
 * @returns {string}
 */
export function stepWords(step) {
  if (step.kind === 'digits') {
    return `${STEPS.digits} ${step.digits}`;
  }
  const millis = 'millis' in step && step.millis > 0 ? `, ${step.millis / 1000} s` : '';
  return STEPS[step.kind] + millis;
}

/**
 * What became of each press: joins the gateway's receipts (docs/protocol.md, "Receipts") with the presses that this page made.
 * Pure: no timer, no clock; time is given, in milliseconds that never go back. It never learns which key was pressed.
 */
import { RingdownError } from './errors.js';

/** So long after its end a press by RTP that the gateway has not seen counts as lost on the way to it. */
export const LOST_AFTER_MILLIS = 5000;

/**
 * In the order a press passes them; the last three are final. `waiting`: the gateway has not said anything of it yet.
 *
 * @typedef {'waiting'|'accepted'|'sent'|'confirmed'|'unconfirmable'|'failed'} PressState
 */

/** @type {Readonly<Record<PressState, number>>} */
const RANKS = { waiting: 0, accepted: 1, sent: 2, confirmed: 3, unconfirmable: 3, failed: 3 };
const FINAL = RANKS.failed;

/** How far each press must have come. `played` is not the ledger's to judge. */
const NEEDED = Object.freeze({ played: 0, sent: RANKS.sent, confirmed: FINAL });

/** @typedef {keyof typeof NEEDED} Until what sendDigits() waits for */

/** @typedef {'rtp'|'info'|'inband'|'none'} DigitRoad how presses get to the telephone */

/**
 * What is known of a press towards the telephone; null is not known, or does not apply.
 *
 * @typedef {object} DigitReceipt
 * @property {number | null} ordinal its place among the presses of this page in this call, from 0; null: another made it
 * @property {number | null} press the gateway's number of it, rising within the call
 * @property {PressState} state
 * @property {DigitRoad | null} road
 * @property {number | null} durationMillis as it has left
 * @property {number | null} packets by RTP and in-band
 * @property {number | null} timestamp RTP, of its beginning
 * @property {string | null} reason of `unconfirmable` and `failed`
 * @property {number | null} sip the status of the answer to an INFO that was refused
 */

/**
 * A press of this page.
 *
 * @typedef {object} Press
 * @property {DigitRequest} request
 * @property {Readonly<DigitReceipt>} receipt
 * @property {boolean} begun whether the browser plays it or has played it; by message: always
 * @property {number | null} overAt when the browser's tone was over
 * @property {number} reached how far the gateway, not this page, said that it came
 * @property {boolean} cutShort the call ended before its last word
 */

/** @typedef {{until: Until, resolve: (receipts: DigitReceipt[]) => void, reject: (error: RingdownError) => void}} Waiter */

/**
 * One sendDigits(); for the ledger's use.
 *
 * @typedef {object} DigitRequest
 * @property {Press[]} presses
 * @property {Waiter[]} waiters
 * @property {boolean} givenUp some of it was dropped here, before the gateway could hear of it
 * @property {RingdownError | null} refusal of the message that carried it
 */

export class PressLedger {
  /** @type {(receipt: Readonly<DigitReceipt>) => void} */
  #tell;
  #made = 0;
  /** Presses by RTP that the browser has not begun, in order. @type {Press[]} */
  #toBegin = [];
  /** Presses by RTP that no receipt has been for, in order. @type {Press[]} */
  #unclaimed = [];
  /** What the browser plays now. @type {Press | null} */
  #playing = null;
  /** Presses without a last word. @type {Set<Press>} */
  #open = new Set();
  /** By the gateway's number; kept for the call, so that no number is ever taken for a new one. @type {Map<number, Press>} */
  #byNumber = new Map();
  /** @type {Map<string, DigitRequest>} */
  #byRef = new Map();
  #away = false;
  /** When the socket was back last. */
  #backAt = 0;

  /** @param {(receipt: Readonly<DigitReceipt>) => void} tell hears each change of each press */
  constructor(tell) {
    this.#tell = tell;
  }

  /**
   * Presses that RTCDTMFSender is to make, after those of earlier requests.
   *
   * @param {number} count
   * @returns {DigitRequest}
   */
  byRtp(count) {
    const request = this.#request(count, false);
    this.#toBegin.push(...request.presses);
    this.#unclaimed.push(...request.presses);
    return request;
  }

  /**
   * Presses that a `dtmf` message asks for.
   *
   * @param {number} count
   * @param {string} ref of the message
   * @returns {DigitRequest}
   */
  byMessage(count, ref) {
    const request = this.#request(count, true);
    this.#byRef.set(ref, request);
    return request;
  }

  /**
   * The browser begins its next press.
   *
   * @returns {number | null} its ordinal; null when all of them had been given up
   */
  began() {
    this.#playing = this.#toBegin.shift() ?? null;
    if (!this.#playing) {
      return null;
    }
    this.#playing.begun = true;
    return this.#playing.receipt.ordinal;
  }

  /** The press that the browser was playing is over, if there was one. @param {number} now */
  over(now) {
    if (this.#playing) {
      this.#playing.overAt = now;
      this.#playing = null;
    }
  }

  /** @param {Record<string, unknown>} message a `dtmf-receipt` */
  receive(message) {
    const state = /** @type {PressState} */ (message.state);
    if (!Object.hasOwn(RANKS, String(state))) {
      return; // a newer gateway's
    }
    const press = this.#pressOf(message, state);
    const told = {
      press: numberIn(message.press),
      state,
      road: /** @type {DigitRoad | null} */ (textIn(message.road)),
      durationMillis: numberIn(message.duration),
      packets: numberIn(message.packets),
      timestamp: numberIn(message.timestamp),
      reason: textIn(message.reason),
      sip: numberIn(message.sip),
    };
    if (!press) {
      this.#tell(Object.freeze({ ordinal: null, ...told }));
    } else if (RANKS[state] > press.reached && this.#open.has(press)) {
      press.reached = RANKS[state];
      this.#change(press, told);
    }
  }

  /**
   * The gateway refused a message.
   *
   * @param {string} ref
   * @param {RingdownError} error
   */
  refuse(ref, error) {
    const request = this.#byRef.get(ref);
    if (request) {
      request.refusal = error;
      this.#settle(request.presses, 'failed', error.code);
    }
  }

  /** What the browser has not begun will not be played. @param {string} reason */
  giveUp(reason) {
    const dropped = this.#toBegin;
    this.#toBegin = [];
    for (const { request } of dropped) {
      request.givenUp = true;
    }
    this.#settle(dropped, 'failed', reason);
  }

  /**
   * While the socket is away nothing can be told of a press; what was told meanwhile is said again when it is back.
   *
   * @param {boolean} there
   * @param {boolean} [whole] false: not all of it is
   * @param {number} [now]
   */
  signaling(there, whole = true, now = 0) {
    this.#away = !there;
    this.#backAt = there ? now : this.#backAt;
    if (there && !whole) {
      const unheard = [...this.#open].filter((press) => press.begun && press !== this.#playing);
      this.#settle(unheard, 'unconfirmable', 'signaling-lost');
    }
  }

  /** The call is over: nothing will be said any more. */
  end() {
    for (const press of this.#open) {
      press.cutShort = true;
    }
    for (const press of [...this.#open]) {
      this.#settle([press], press.reached === RANKS.sent ? 'unconfirmable' : 'failed', 'call-ended');
    }
  }

  /** When expire() is to be called: milliseconds as given to over(); Infinity for never. */
  get deadline() {
    const overAt = this.#unclaimed[0]?.overAt ?? Infinity; // they end in order
    return this.#away ? Infinity : Math.max(overAt, this.#backAt) + LOST_AFTER_MILLIS;
  }

  /** @param {number} now */
  expire(now) {
    while (this.deadline <= now) {
      this.#settle([this.#unclaimed[0]], 'failed', 'lost');
    }
  }

  /**
   * @param {DigitRequest} request
   * @param {Until} until
   * @returns {Promise<DigitReceipt[]>} one for each press, in order, once all have come so far
   * @throws {RingdownError} digits-failed, call-ended, or the gateway's refusal
   */
  outcome(request, until) {
    return new Promise((resolve, reject) => {
      request.waiters.push({ until, resolve, reject });
      this.#answer(request);
    });
  }

  /**
   * @param {number} count
   * @param {boolean} begun
   * @returns {DigitRequest}
   */
  #request(count, begun) {
    /** @type {DigitRequest} */
    const request = { presses: [], waiters: [], givenUp: false, refusal: null };
    for (let i = 0; i < count; i++) {
      const receipt = Object.freeze({ ...NOTHING, ordinal: this.#made++ });
      const press = { request, receipt, begun, overAt: null, reached: RANKS.waiting, cutShort: false };
      request.presses.push(press);
      this.#open.add(press);
    }
    return request;
  }

  /**
   * A press by RTP has no name of ours: its first receipt belongs to the first press that none has been for.
   *
   * @param {Record<string, unknown>} message
   * @param {PressState} state
   * @returns {Press | undefined} undefined: not made by this page
   */
  #pressOf(message, state) {
    const number = Number(message.press);
    let press = this.#byNumber.get(number);
    if (press) {
      return press;
    }
    if (typeof message.ref === 'string') {
      press = this.#byRef.get(message.ref)?.presses[Number(message.index)];
    } else if (state === 'accepted' || state === 'failed') {
      press = this.#unclaimed.shift();
    }
    if (press) {
      this.#byNumber.set(number, press);
    }
    return press;
  }

  /**
   * @param {Press[]} presses those that have had their last word keep it
   * @param {PressState} state final
   * @param {string} reason
   */
  #settle(presses, state, reason) {
    for (const press of presses) {
      if (this.#open.has(press)) {
        this.#unclaimed = this.#unclaimed.filter((other) => other !== press);
        this.#change(press, { state, reason });
      }
    }
  }

  /**
   * @param {Press} press
   * @param {Partial<DigitReceipt> & {state: PressState}} change
   */
  #change(press, change) {
    const known = Object.entries(change).filter(([, value]) => value !== null);
    press.receipt = Object.freeze({ ...press.receipt, ...Object.fromEntries(known) });
    if (RANKS[change.state] === FINAL) {
      this.#open.delete(press);
    }
    this.#tell(press.receipt);
    this.#answer(press.request);
  }

  /** @param {DigitRequest} request */
  #answer(request) {
    request.waiters = request.waiters.filter((waiter) => !answered(request, waiter));
  }
}

/** @type {Omit<DigitReceipt, 'ordinal'>} */
const NOTHING = {
  press: null, state: 'waiting', road: null, durationMillis: null, packets: null, timestamp: null, reason: null, sip: null,
};

/**
 * @param {DigitRequest} request
 * @param {Waiter} waiter
 * @returns {boolean} whether it need not wait any longer
 */
function answered({ presses, givenUp, refusal }, { until, resolve, reject }) {
  const receipts = presses.map(({ receipt }) => receipt);
  const needed = NEEDED[until];
  if (presses.some(({ receipt }) => RANKS[receipt.state] < needed)) {
    return false;
  }
  if (presses.some(({ cutShort, reached }) => cutShort && reached < needed)) {
    reject(new RingdownError('call-ended', { receipts }));
  } else if (until === 'played' ? givenUp : receipts.some(({ state }) => state === 'failed')) {
    reject(refusal ?? failure(receipts));
  } else {
    resolve(receipts);
  }
  return true;
}

/** @param {DigitReceipt[]} receipts */
function failure(receipts) {
  const failed = receipts.filter(({ state }) => state === 'failed');
  const reasons = [...new Set(failed.map(({ reason }) => reason ?? 'unknown'))];
  const text = `${failed.length} of ${receipts.length} presses did not get to the telephone: ${reasons.join(', ')}.`;
  return new RingdownError('digits-failed', { text, receipts });
}

/** @param {unknown} value */
const numberIn = (value) => (typeof value === 'number' ? value : null);

/** @param {unknown} value */
const textIn = (value) => (typeof value === 'string' ? value : null);

/** The events of client and call, each with its own fields, as the W3C's interfaces have them. */

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./errors.js').RingdownError} RingdownError */
/** @typedef {import('./errors.js').EndReason} EndReason */

/**
 * An EventTarget whose listeners know the type of their event.
 *
 * @template {Record<string, Event>} Events
 */
export class TypedEventTarget extends EventTarget {
  /**
   * @template {keyof Events & string} Type
   * @param {Type} type
   * @param {((event: Events[Type]) => void) | EventListenerObject | null} listener
   * @param {boolean | AddEventListenerOptions} [options]
   * @override
   */
  addEventListener(type, listener, options) {
    super.addEventListener(type, /** @type {EventListenerOrEventListenerObject | null} */ (listener), options);
  }

  /**
   * @template {keyof Events & string} Type
   * @param {Type} type
   * @param {((event: Events[Type]) => void) | EventListenerObject | null} listener
   * @param {boolean | EventListenerOptions} [options]
   * @override
   */
  removeEventListener(type, listener, options) {
    super.removeEventListener(type, /** @type {EventListenerOrEventListenerObject | null} */ (listener), options);
  }
}

/** `incoming` of a client. */
export class IncomingEvent extends Event {
  /** @param {Call} call */
  constructor(call) {
    super('incoming');
    /** The call that rings; accept() or reject() it. @readonly */
    this.call = call;
  }
}

/** `ended` of a call. */
export class EndedEvent extends Event {
  /** @param {Readonly<EndReason>} reason */
  constructor(reason) {
    super('ended');
    /** @readonly */
    this.reason = reason;
  }
}

/** `dtmf` of a call: the telephone pressed a key. */
export class DigitEvent extends Event {
  /**
   * @param {string} digit
   * @param {number} durationMillis
   */
  constructor(digit, durationMillis) {
    super('dtmf');
    /** @readonly */
    this.digit = digit;
    /** @readonly */
    this.durationMillis = durationMillis;
  }
}

/** `localdtmf` of a call: this browser begins to send a digit. */
export class LocalDigitEvent extends Event {
  /** @param {string} digit */
  constructor(digit) {
    super('localdtmf');
    /** @readonly */
    this.digit = digit;
  }
}

/** `dtmfsent` of a call: the gateway's receipt for a digit that has left towards the telephone. */
export class DigitSentEvent extends Event {
  /**
   * @param {number} durationMillis
   * @param {number} packets
   */
  constructor(durationMillis, packets) {
    super('dtmfsent');
    /** @readonly */
    this.durationMillis = durationMillis;
    /** @readonly */
    this.packets = packets;
  }
}

/** `error` of a client or call, and `disconnected` of a client. */
export class FailureEvent extends Event {
  /**
   * @param {string} type
   * @param {RingdownError} error
   * @param {number | null} [retryInMillis]
   */
  constructor(type, error, retryInMillis = null) {
    super(type);
    /** @readonly */
    this.error = error;
    /** When the next attempt to connect starts; null when there will be none. @readonly */
    this.retryInMillis = retryInMillis;
  }
}

/** The events of client and call, each with its own fields, as the W3C's interfaces have them. */

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./errors.js').RingdownError} RingdownError */
/** @typedef {import('./errors.js').EndReason} EndReason */
/** @typedef {import('./receipts.js').DigitReceipt} DigitReceipt */
/** @typedef {import('./receipts.js').DigitRoad} DigitRoad */
/** @typedef {import('./navigation.js').StepKind} StepKind */

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

/** `resumed` of a client: the gateway had calls of the page that was here before a reload, or in another tab. */
export class ResumedEvent extends Event {
  /** @param {Call[]} calls */
  constructor(calls) {
    super('resumed');
    /** In the state in which they are; those that ring come as `incoming` as well. @readonly */
    this.calls = calls;
  }
}

/** `draining` of a client: the gateway is about to stop. */
export class DrainingEvent extends Event {
  /** @param {number} withinMillis */
  constructor(withinMillis) {
    super('draining');
    /** Calls go on for so long at most. @readonly */
    this.withinMillis = withinMillis;
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
   * @param {'rtp'|'info'|'inband'|null} road
   */
  constructor(digit, durationMillis, road) {
    super('dtmf');
    /** @readonly */
    this.digit = digit;
    /** @readonly */
    this.durationMillis = durationMillis;
    /** How it came from the telephone. @readonly */
    this.road = road;
  }
}

/** `localdtmf` of a call: this browser begins to send a digit, or has handed it to the gateway. */
export class LocalDigitEvent extends Event {
  /**
   * @param {string} digit
   * @param {number | null} ordinal
   */
  constructor(digit, ordinal) {
    super('localdtmf');
    /** @readonly */
    this.digit = digit;
    /** By which its receipts are known; null: it was cancelled too late to be stopped, and has none. @readonly */
    this.ordinal = ordinal;
  }
}

/** `dtmfreceipt` of a call: what has become of a press towards the telephone. It never names the digit. */
export class DigitReceiptEvent extends Event {
  /** @param {Readonly<DigitReceipt>} receipt */
  constructor(receipt) {
    super('dtmfreceipt');
    /** As `localdtmf` told it; null: not a press of this page. @readonly */
    this.ordinal = receipt.ordinal;
    /** The gateway's number of the press; null: it has none yet. @readonly */
    this.press = receipt.press;
    /** @readonly */
    this.state = receipt.state;
    /** @readonly */
    this.road = receipt.road;
    /** As it has left. @readonly */
    this.durationMillis = receipt.durationMillis;
    /** @readonly */
    this.packets = receipt.packets;
    /** RTP, of its beginning. @readonly */
    this.timestamp = receipt.timestamp;
    /** Of `unconfirmable` and `failed`. @readonly */
    this.reason = receipt.reason;
    /** The status of the answer to an INFO that was refused. @readonly */
    this.sip = receipt.sip;
  }
}

/** `dtmfroad` of a call: how presses get to the telephone from now on. */
export class DigitRoadEvent extends Event {
  /**
   * @param {DigitRoad} road
   * @param {string} why
   */
  constructor(road, why) {
    super('dtmfroad');
    /** @readonly */
    this.road = road;
    /** @readonly */
    this.why = why;
  }
}

/** `transferring`, `transferred` and `transferfailed` of a call. */
export class TransferEvent extends Event {
  /**
   * @param {'transferring'|'transferred'|'transferfailed'} type
   * @param {{by: 'browser'|'telephone', stage: import('./transfer.js').Stage, number: string | null, name: string | null,
   *   sip: number | null, error: RingdownError | null}} told
   */
  constructor(type, told) {
    super(type);
    /** Who has asked for it: this page, or the telephone's side. @readonly */
    this.by = told.by;
    /** @readonly */
    this.stage = told.stage;
    /** By the telephone: whom the call goes to, or is with now; null where that is not told. @readonly */
    this.number = told.number;
    /** The same, as the telephone network shows it. @readonly */
    this.name = told.name;
    /** The status of the telephone network. @readonly */
    this.sip = told.sip;
    /** Of `transferfailed`: why. @readonly */
    this.error = told.error;
  }
}

/** `held` and `resumed` of a call. */
export class HoldEvent extends Event {
  /**
   * @param {'held'|'resumed'} type
   * @param {'browser'|'telephone'} by
   */
  constructor(type, by) {
    super(type);
    /** Which side holds, or does not any more; the other one may as well: see `call.heldBy`. @readonly */
    this.by = by;
  }
}

/** `heard` of a call: what the telephone's line sounds like, while navigate() listens. */
export class HeardEvent extends Event {
  /**
   * @param {'sound'|'silence'|'beep'} what
   * @param {number | null} durationMillis of the sound before the silence, or of the beep
   * @param {number | null} hertz of the beep
   */
  constructor(what, durationMillis, hertz) {
    super('heard');
    /** @readonly */
    this.what = what;
    /** @readonly */
    this.durationMillis = durationMillis;
    /** @readonly */
    this.hertz = hertz;
  }
}

/** `navigationstep` of a call: navigate() has begun a step, or is through with it. */
export class NavigationStepEvent extends Event {
  /**
   * @param {number} index
   * @param {StepKind} kind
   * @param {'started'|'done'} state
   */
  constructor(index, kind, state) {
    super('navigationstep');
    /** From 0. @readonly */
    this.index = index;
    /** @readonly */
    this.kind = kind;
    /** @readonly */
    this.state = state;
  }
}

/**
 * Who does not hear whom, and why; docs/quality.md has the codes.
 *
 * @typedef {object} Verdict
 * @property {string} code `fine`, `too-early`, `browser-sends-silence`, …
 * @property {string} text in plain words
 * @property {boolean} fault whether something is broken
 * @property {'none'|'browser'|'trunk'} side where the cause is
 * @property {'nobody'|'telephone'|'browser'|'both'} deaf who hears nothing
 */

/**
 * What comes from one side; null is not known.
 *
 * @typedef {object} LegQuality
 * @property {string | null} codec
 * @property {number} packets
 * @property {number} lost
 * @property {number} late
 * @property {{red: number, fec: number, concealed: number}} repaired
 * @property {number} lossPercent since the event before
 * @property {number} jitterMillis
 * @property {number | null} roundTripMillis
 * @property {number | null} levelDbov
 * @property {number | null} speechDbm0
 * @property {number | null} skewPpm
 * @property {number | null} mos since the event before; an estimate
 */

/** @typedef {{p50: number, p95: number, p99: number, max: number}} Stay */

/** `quality` of a call: how both legs do, as the gateway measures them. */
export class QualityEvent extends Event {
  /** @param {Record<string, unknown>} message the gateway's */
  constructor(message) {
    super('quality');
    const { verdict, browser, telephone, toTelephone, toBrowser } = /** @type {any} */ (message);
    /** @type {Readonly<Verdict>} @readonly */
    this.verdict = verdict;
    /** What comes from this browser. @type {Readonly<LegQuality>} @readonly */
    this.browser = browser;
    /** What comes from the telephone. @type {Readonly<LegQuality>} @readonly */
    this.telephone = telephone;
    /** Milliseconds that the gateway has kept what goes to the telephone. @type {Readonly<Stay>} @readonly */
    this.toTelephone = toTelephone;
    /** The same towards this browser. @type {Readonly<Stay>} @readonly */
    this.toBrowser = toBrowser;
  }
}

/** `warning` and `warningcleared` of a call: something is the matter while people talk, or is not any more. */
export class WarningEvent extends Event {
  /**
   * @param {'warning'|'warningcleared'} type
   * @param {import('./advice.js').Advice} advice
   */
  constructor(type, { code, text, hint }) {
    super(type);
    /** @readonly */
    this.code = code;
    /** What is the matter, in plain words. @readonly */
    this.text = text;
    /** What to do about it; may be empty. @readonly */
    this.hint = hint;
  }
}

/** `testprogress` of a client: how far a test before a call has come. */
export class TestProgressEvent extends Event {
  /**
   * @param {import('./pre-call.js').TestStage} stage
   * @param {number} part
   * @param {number | null} level
   */
  constructor(stage, part, level) {
    super('testprogress');
    /** `listening`: the person should speak. @readonly */
    this.stage = stage;
    /** 0 to 1. @readonly */
    this.part = part;
    /** Of the microphone, root mean square, 0 to 1; null: not known. @readonly */
    this.level = level;
  }
}

/** `pathchange` of a call: its sound gets to the gateway in another way than before. */
export class PathChangeEvent extends Event {
  /**
   * @param {import('./stats.js').Path} path
   * @param {import('./stats.js').Path} before
   */
  constructor(path, before) {
    super('pathchange');
    /** @readonly */
    this.path = path;
    /** @readonly */
    this.before = before;
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

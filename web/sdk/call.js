/** One telephone call. Made by RingdownClient, never by hand. */
import { adviceOn } from './advice.js';
import { CallMedia } from './call-media.js';
import { DigitQueue, press } from './digits.js';
import { RingdownError, endReason, loaded } from './errors.js';
import {
  DigitEvent,
  DigitReceiptEvent,
  DigitRoadEvent,
  EndedEvent,
  FailureEvent,
  HeardEvent,
  HoldEvent,
  LocalDigitEvent,
  NavigationStepEvent,
  PathChangeEvent,
  QualityEvent,
  TypedEventTarget,
  WarningEvent,
} from './events.js';
import { Hold } from './hold.js';
import { normaliseNumber } from './numbers.js';
import { PressLedger } from './receipts.js';
import { SecureInput } from './secure-input.js';
import { toneFor } from './tones.js';
import { Transfer } from './transfer.js';
import { Warnings } from './warnings.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./audio.js').AudioOutput} AudioOutput
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./errors.js').EndReason} EndReason
 * @typedef {import('./hold.js').HeldBy} HeldBy
 * @typedef {import('./events.js').TransferEvent} TransferEvent
 * @typedef {import('./hold.js').Holder} Holder
 * @typedef {import('./microphone.js').Microphone} Microphone
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 * @typedef {import('./navigation.js').StepRecord} StepRecord
 * @typedef {import('./receipts.js').DigitReceipt} DigitReceipt
 * @typedef {import('./receipts.js').DigitRoad} DigitRoad
 * @typedef {import('./receipts.js').Until} Until
 * @typedef {import('./stats.js').CallStats} CallStats
 */

/**
 * In the order a call passes them; it may skip some and never goes back, but for an `incoming` one whose accept failed.
 *
 *     out: connecting → trying → ringing → early-media → established → ended
 *     in:  incoming → connecting → established → ended
 *
 * @typedef {'incoming'|'connecting'|'trying'|'ringing'|'early-media'|'established'|'ended'} CallState
 */

/** @type {readonly CallState[]} */
const ORDER = ['incoming', 'connecting', 'trying', 'ringing', 'early-media', 'established', 'ended'];

/** The event that tells of each progress. @type {Readonly<Record<string, 'trying'|'ringing'|'earlymedia'>>} */
const PROGRESS = { trying: 'trying', ringing: 'ringing', 'early-media': 'earlymedia' };

/** The `ref` of an accept, to tell its refusal from others'. */
const ACCEPT = 'accept';

/** @type {Readonly<Record<string, string>>} */
const NO_HEADERS = Object.freeze({});

/** @type {readonly HeldBy[]} */
const BOTH_SIDES = ['browser', 'telephone'];

/** And that of listening. */
const LISTEN = 'listen';

/** Endings that a telephone network tells with its busy tone, and with its congestion tone. */
const BUSY_CAUSES = new Set(['busy']);
const CONGESTION_CAUSES = new Set([
  'congestion', 'unavailable', 'unknown-number', 'number-changed', 'rejected', 'no-route', 'trunk-unreachable',
  'trunk-unauthorized', 'overloaded', 'too-many-calls', 'emergency-not-available', 'not-permitted', 'limit-reached',
]);

/**
 * What a call needs of its client.
 *
 * @typedef {object} CallHost
 * @property {Environment} environment
 * @property {AudioOutput} audio
 * @property {boolean} tones whether the SDK plays tones
 * @property {(message: Message) => boolean} send false: not connected, nothing was sent
 * @property {(message: Message) => void} tell sends now, or when the socket is back with the same session
 * @property {() => boolean} connected
 * @property {(like: Message) => boolean} awaits whether such a message is still to be taken by the gateway
 * @property {() => void} doubt there is reason to think that the socket is dead
 * @property {() => RTCIceServer[]} iceServers
 * @property {() => MicrophoneChoice} microphone what this tab used last, before a reload too
 * @property {(choice: MicrophoneChoice, microphone: Microphone) => void} remember
 * @property {(to: string, request: () => Promise<void>, refused: boolean) => Promise<void>} authorized makes a request that takes a token
 * @property {(call: Call) => void} forget the call has ended
 */

/**
 * Where a call was before, as its trunk tells it; what nobody may know is not there.
 *
 * @typedef {object} Diverted
 * @property {string} [from] the number that sent it on, the last one where several did
 * @property {string} [first] the number that was called at first
 * @property {string} [reason] why the last one did, in the words of RFC 5806: `unconditional`, `user-busy`, `no-answer`, …
 */

/**
 * @typedef {object} CallOrigin
 * @property {'outgoing'|'incoming'} direction
 * @property {string} to
 * @property {string} [from]
 * @property {string} [name]
 * @property {Readonly<Record<string, string>>} [headers]
 * @property {Readonly<Diverted>} [diverted]
 * @property {string} [id] the gateway's; an outgoing call learns it with the answer
 * @property {string} [ref]
 */

/** @typedef {{duration?: number, gap?: number, until?: Until}} DigitOptions milliseconds: 40 to 6000 (100), at least 30 (70) */

/**
 * @typedef {object} NavigationExtras
 * @property {AbortSignal} [signal] gives up
 * @property {number} [timeout] milliseconds for each wait (30 000)
 * @property {number} [silence] milliseconds that end a prompt, and that a {silence} without a number means: 200 to 10 000 (700)
 */

/** @typedef {DigitOptions & NavigationExtras} NavigationOptions */

/**
 * @typedef {object} CallEvents
 * @property {Event} statechange
 * @property {Event} trying
 * @property {Event} ringing
 * @property {Event} earlymedia
 * @property {Event} established
 * @property {EndedEvent} ended
 * @property {DigitEvent} dtmf
 * @property {Event} flash
 * @property {LocalDigitEvent} localdtmf
 * @property {DigitReceiptEvent} dtmfreceipt
 * @property {DigitRoadEvent} dtmfroad
 * @property {HeardEvent} heard
 * @property {NavigationStepEvent} navigationstep
 * @property {HoldEvent} held
 * @property {HoldEvent} resumed
 * @property {TransferEvent} transferring
 * @property {TransferEvent} transferred
 * @property {TransferEvent} transferfailed
 * @property {Event} secureinputchange
 * @property {Event} localmuted
 * @property {Event} localunmuted
 * @property {Event} mediainterrupted
 * @property {Event} mediarestored
 * @property {PathChangeEvent} pathchange
 * @property {Event} signalinglost
 * @property {Event} signalingrestored
 * @property {Event} playbackblocked
 * @property {Event} microphonelost
 * @property {Event} microphonechange
 * @property {QualityEvent} quality
 * @property {WarningEvent} warning
 * @property {WarningEvent} warningcleared
 * @property {FailureEvent} error
 */

/** @extends {TypedEventTarget<CallEvents & Record<string, Event>>} */
export class Call extends TypedEventTarget {
  /** @type {CallHost} */
  #host;
  /** @type {CallOrigin} */
  #origin;
  /** @type {string | null} */
  #id;
  /** @type {CallState} */
  #state;
  /** @type {Date | null} */
  #establishedAt = null;
  /** @type {Readonly<EndReason> | null} */
  #reason = null;
  #muted = false;
  #hold = new Hold();
  #transfer = new Transfer();
  #secureInput = new SecureInput();
  #warnings = new Warnings();
  #accepting = false;
  /** Whether the network itself is to be heard: then the SDK plays no tone of its own. */
  #earlySound = false;
  /** @type {CallMedia} */
  #media;
  /** @type {DigitQueue | null} */
  #digits = null;
  #presses = new PressLedger((receipt) => this.dispatchEvent(new DigitReceiptEvent(receipt)));
  #digitRefs = 0;
  /** @type {DigitRoad | null} */
  #digitRoad = null;
  /** When a press whose receipt does not come is given up. @type {ReturnType<typeof setTimeout> | undefined} */
  #lostTimer;
  /** @type {import('./navigator.js').Navigator | null} */
  #navigator = null;

  /**
   * @param {CallHost} host
   * @param {CallOrigin} origin
   */
  constructor(host, origin) {
    super();
    this.#host = host;
    this.#origin = origin;
    this.#id = origin.id ?? null;
    this.#state = origin.direction === 'incoming' ? 'incoming' : 'connecting';
    this.#media = new CallMedia(host, {
      id: () => (this.#reason ? null : this.#id),
      over: () => this.#reason !== null,
      held: () => this.#hold.by !== null,
      still: () => this.#muted || this.#hold.quiet,
      looked: (seen) => this.#look(seen),
      replaced: () => this.#forgetDigits(),
      told: (type) => this.dispatchEvent(new Event(type)),
      rerouted: (path, before) => this.dispatchEvent(new PathChangeEvent(path, before)),
      failed: (error) => this.dispatchEvent(new FailureEvent('error', error)),
    });
  }

  /** The gateway's id of the call: 32 hex digits; null until an outgoing call is answered by the gateway. */
  get id() {
    return this.#id;
  }

  /** @returns {'outgoing'|'incoming'} */
  get direction() {
    return this.#origin.direction;
  }

  /** The called number. */
  get to() {
    return this.#origin.to;
  }

  /** The calling number; empty when unknown or withheld. */
  get from() {
    return this.#origin.from ?? '';
  }

  /** The caller's name as the network gave it; empty when it gave none. Text from outside: never use it as HTML. */
  get name() {
    return this.#origin.name ?? '';
  }

  /**
   * SIP headers of an incoming call that the gateway lets pages know, by their names (`headers-in` of the trunk). Text from outside:
   * never use it as HTML.
   *
   * @returns {Readonly<Record<string, string>>}
   */
  get headers() {
    return this.#origin.headers ?? NO_HEADERS;
  }

  /**
   * Where an incoming call was before; null: it came straight here, as far as anybody says.
   *
   * @returns {Readonly<Diverted> | null}
   */
  get diverted() {
    return this.#origin.diverted ?? null;
  }

  /** @returns {CallState} */
  get state() {
    return this.#state;
  }

  /** When the other side answered; null before. */
  get establishedAt() {
    return this.#establishedAt;
  }

  /** Why it ended; null before. */
  get reason() {
    return this.#reason;
  }

  /** Whether the other side hears silence by our wish. */
  get muted() {
    return this.#muted;
  }

  /**
   * Who has put the call on hold; null: nobody.
   *
   * @returns {Holder}
   */
  get heldBy() {
    return this.#hold.by;
  }

  /** Whether nobody who listens or records hears a digit, as the gateway has told it last. */
  get secureInput() {
    return this.#secureInput.on;
  }

  /** What is the matter just now, as `warning` has told; the oldest first. */
  get warnings() {
    return this.#reason ? [] : this.#warnings.codes.map((code) => this.#adviceOn(code));
  }

  /** What the other side says, for a page that wants to record or draw it; null before there is any. */
  get remoteStream() {
    return this.#media.leg?.remote ?? null;
  }

  /** What this page sends: the track of the microphone in use; null before there is one. */
  get microphone() {
    return this.#media.leg?.track ?? null;
  }

  /** How digits travel to the gateway: by RTP from the browser, or by message; null before the answer. */
  get digitsBy() {
    const telephoneEvent = this.#media.leg?.telephoneEvent ?? null;
    return telephoneEvent === null ? null : telephoneEvent ? 'rtp' : 'message';
  }

  /**
   * How digits travel from the gateway to the telephone, as `dtmfroad` told last; null before that.
   *
   * @returns {DigitRoad | null}
   */
  get digitRoad() {
    return this.#digitRoad;
  }

  /**
   * Takes an incoming call.
   *
   * @param {{microphone?: MicrophoneChoice, secureInput?: boolean}} [options]
   * @returns {Promise<void>} when the gateway has been asked; `established` follows
   * @throws {RingdownError} wrong-state, not-connected, or a microphone's; the call goes on ringing then
   */
  async accept({ microphone = true, secureInput = false } = {}) {
    if (this.#state !== 'incoming' || this.#accepting) {
      throw new RingdownError('wrong-state');
    }
    this.#accepting = true;
    this.#host.audio.stop();
    try {
      const sdp = await this.prepareOffer(microphone, ACCEPT);
      this.#request({ type: 'accept', ref: ACCEPT, sdp, ...(secureInput ? { secureInput } : {}) });
      this.#enter('connecting');
    } catch (error) {
      if (this.#state === 'incoming') {
        this.#media.close();
      }
      throw error;
    } finally {
      this.#accepting = false;
    }
  }

  /**
   * Refuses an incoming call.
   *
   * @param {'busy'|'declined'} [reason]
   */
  reject(reason = 'declined') {
    if (this.#state !== 'incoming') {
      throw new RingdownError('wrong-state');
    }
    this.#host.tell({ type: 'reject', call: this.#id, reason });
    this.#end({ cause: reason === 'busy' ? 'busy' : 'declined', blame: 'callee' }, false);
  }

  /** Ends the call in any state; `ended` is fired at once. Does nothing to one that has ended. */
  hangup() {
    if (this.#reason) {
      return;
    }
    if (this.#state === 'incoming' && !this.#accepting) {
      this.reject();
      return;
    }
    if (this.#id) {
      this.#host.tell({ type: 'hangup', call: this.#id });
    }
    this.#end({ cause: this.#state === 'established' ? 'normal' : 'cancelled', blame: 'none' }, false);
  }

  /** The other side hears silence until unmute(). */
  mute() {
    this.#setMuted(true);
  }

  /** The other side hears the microphone again. */
  unmute() {
    this.#setMuted(false);
  }

  /**
   * Speaks by another microphone from now on; the other side hears no break. Mute and hold stay as they are.
   *
   * @param {MicrophoneChoice} microphone the id of a device, constraints, a stream or track of the page's own, true or false
   * @returns {Promise<void>} when it does
   * @throws {RingdownError} wrong-state: the call has no sound yet, or has ended; aborted: by a later choice; or a microphone's. The one
   *   before is used on then
   */
  setMicrophone(microphone) {
    return this.#media.setMicrophone(microphone);
  }

  /**
   * Puts the telephone on hold: it hears music, this page hears nothing, and the microphone is still.
   *
   * @returns {Promise<void>} when it is
   * @throws {RingdownError} wrong-state: not answered, or ended; not-connected, call-ended
   */
  async hold() {
    await this.#askHold('hold');
  }

  /**
   * Ends that.
   *
   * @returns {Promise<void>} when both hear each other again, unless the telephone holds the call too
   * @throws {RingdownError} hold-refused: the telephone network does not, and the call is still on hold; else as hold()
   */
  async resume() {
    await this.#askHold('resume');
  }

  /**
   * Has the telephone talk to somebody else: to a number, or to the telephone of another call, to which this page has talked first.
   * Until it does, this call goes on as it was; then it ends, and so does the other.
   *
   * @param {string | Call} to
   * @returns {Promise<void>} when it does
   * @throws {RingdownError} the cause of a call that could not be made, like busy or forbidden: this call goes on; no-transfer,
   *   wrong-state, not-connected, call-ended
   */
  async transfer(to) {
    if (this.#state !== 'established') {
      throw new RingdownError('wrong-state');
    }
    const number = to instanceof Call ? (to.direction === 'incoming' ? to.from : to.to) : normaliseNumber(to) ?? to;
    const target = to instanceof Call ? { with: to.#id ?? '' } : { to: number };
    const ask = () => this.#transfer.ask(target, (message) => this.#request(message));
    try {
      await this.#host.authorized(number, ask, false);
    } catch (error) {
      if (/** @type {RingdownError} */ (error).code !== 'token-expired') {
        throw error;
      }
      await this.#host.authorized(number, ask, true);
    }
  }

  /**
   * Keeps digits from everybody who listens or records, whoever presses them, or lets them be heard again. Wait for it before the
   * first one is pressed.
   *
   * @param {boolean} on
   * @returns {Promise<boolean>} how it is then: always true where the gateway is configured so
   * @throws {RingdownError} not-connected, wrong-state, call-ended
   */
  async setSecureInput(on) {
    if (this.#reason || !this.#id) {
      throw new RingdownError('wrong-state');
    }
    return this.#secureInput.ask((ref) => this.#request({ type: 'secure-input', ref, on }));
  }

  /**
   * Presses keys. Presses that follow each other queue up; none is lost.
   *
   * @param {string} digits 0-9, *, #, A-D; `,` waits two seconds
   * @param {DigitOptions} [options] `until`: `played` (the browser is through with them, or the gateway has been asked), `sent` (all
   *   have left the gateway), `confirmed` (the last word on each is that it got there, or that nobody can know)
   * @returns {Promise<DigitReceipt[]>} what is known then of each, in order
   * @throws {RingdownError} bad-digits, wrong-state, not-connected; digits-failed, also when `played` ones were cancelled;
   *   call-ended, unless `played`; what the gateway refuses a message with
   */
  async sendDigits(digits, { until = 'played', ...options } = {}) {
    const wanted = press(digits, options);
    if (!this.#audible) {
      throw new RingdownError('wrong-state');
    }
    const keys = wanted.digits.replaceAll(',', '');
    const queue = this.#digitQueue();
    const request = queue ? this.#presses.byRtp(keys.length) : this.#pressByMessage(wanted, keys);
    await queue?.add(wanted);
    return this.#presses.outcome(request, until);
  }

  /**
   * Forgets the presses that wait, here and in the gateway, whoever made them. One that has begun ends as it would. Their
   * sendDigits() fails with `digits-failed`.
   */
  cancelDigits() {
    this.#digits?.cancel();
    if (this.#audible) {
      this.#host.tell({ type: 'dtmf-cancel', call: this.#id });
    }
  }

  /**
   * Walks through the menu of an IVR: keys and commas as for sendDigits(), and waits in braces. `{answer}`, `{sound}`: one begins;
   * `{silence}`, `{silence 1500}`: for so many milliseconds; `{prompt}`: an announcement is over; `{beep}`; `{pause 500}`.
   *
   *     await call.navigate('{prompt} 1 {prompt} 4711# {beep}');
   *
   * @param {string} script
   * @param {NavigationOptions} [options] for its digits as for sendDigits()
   * @returns {Promise<StepRecord[]>} when all is done: each step and how long it took
   * @throws {RingdownError} not-loaded, bad-script, bad-digits, wrong-state (also while another walk is on); with the `step` under way:
   *   navigation-timeout, navigation-aborted, call-ended, not-connected, or what sendDigits() throws
   */
  async navigate(script, { signal, timeout, silence, ...digits } = {}) {
    const { Navigator, parseScript, patience } = await loaded(import('./navigator.js'));
    const steps = parseScript(script);
    const waits = patience({ timeout, silence });
    press('0', digits); // so that a wrong duration is told now
    if (this.#navigator || this.#reason || this.#state === 'incoming') {
      throw new RingdownError('wrong-state');
    }
    const navigator = new Navigator(
      {
        now: this.#host.environment.now,
        state: () => this.#state,
        press: (keys) => this.sendDigits(keys, digits),
        cancel: () => this.cancelDigits(),
        listen: (on, millis) => this.#request({ type: 'listen', ref: LISTEN, on, ...(on ? { silence: millis } : {}) }),
        told: ({ index, kind }, state) => this.dispatchEvent(new NavigationStepEvent(index, kind, state)),
      },
      steps, waits, signal,
    );
    this.#navigator = navigator;
    try {
      return await navigator.run();
    } finally {
      this.#navigator = null;
    }
  }

  /**
   * How loud both sides are just now, root mean square, 0 to 1; speech is about 0.01 to 0.2. Cheap: for each frame.
   *
   * @returns {{own: number, far: number}}
   */
  levels() {
    const { own, far } = this.#media.leg?.levels() ?? { own: 0, far: 0 };
    return { own: this.#muted || this.#hold.quiet ? 0 : own, far };
  }

  /** @returns {Promise<CallStats | null>} the browser's own figures; null before the call has media */
  async stats() {
    return this.#media.leg?.stats() ?? null;
  }

  /**
   * Opens microphone and connection and makes the offer. Not for pages.
   *
   * @internal
   * @param {MicrophoneChoice} choice
   * @param {string} ref of the message that carries it
   * @returns {Promise<string>} the offer
   */
  prepareOffer(choice, ref) {
    return this.#media.offer(choice, ref);
  }

  /**
   * Opens the microphone again and offers the gateway a new connection: where restoring the sound after a reload has failed.
   *
   * @param {{microphone?: MicrophoneChoice}} [options] by default as before
   * @returns {Promise<void>} when the gateway has been asked
   * @throws {RingdownError} wrong-state, or a microphone's; the call goes on without sound then
   */
  async restoreMedia({ microphone } = {}) {
    if (this.#reason || !this.#id || this.#state === 'incoming') {
      throw new RingdownError('wrong-state');
    }
    await this.#media.restore(microphone);
  }

  /**
   * The call as the gateway knows it, for a page that has just been loaded. Not for pages.
   *
   * @internal
   * @param {Message} known an entry of `calls`
   */
  restore(known) {
    const state = /** @type {CallState} */ (ORDER.find((each) => each === known.state) ?? 'established');
    this.#earlySound = state === 'early-media';
    this.#muted = known.muted === true;
    this.#hold.receive(known.held === 'browser' || known.held === 'both', 'browser', undefined);
    this.#hold.receive(known.held === 'telephone' || known.held === 'both', 'telephone', undefined);
    this.#secureInput.receive({ type: 'secure-input', on: known.secureInput });
    if (state === 'established') {
      this.#establishedAt = new Date(Date.now() - Number(known.sinceMillis ?? 0));
    }
    this.#state = state;
    if (state === 'ringing' && this.#host.tones) {
      this.#host.audio.play(toneFor(this.to, 'ringing'));
    }
  }

  /** After that: sound, with a new connection. Not for pages. @internal */
  renew() {
    return this.#media.renew();
  }

  /** The network is another, or may be: offers the gateway a new path at once. Not for pages. @internal */
  networkChanged() {
    void this.#media.renewPath();
  }

  /**
   * What the gateway says of this call. Not for pages.
   *
   * @internal
   * @param {Message} message
   */
  receive(message) {
    if (typeof message.call === 'string') {
      this.#id ??= message.call;
    }
    switch (message.type) {
      case 'answer':
        void this.#onAnswer(message.ref, String(message.sdp));
        break;
      case 'renew':
        void this.renew();
        break;
      case 'codec':
        void this.#media.prefer(String(message.sdp));
        break;
      case 'progress':
        this.#onProgress(String(message.state));
        break;
      case 'established':
        this.#onEstablished();
        break;
      case 'ended':
        this.#end(message, true);
        break;
      case 'dtmf':
        this.#onDigit(message);
        break;
      case 'flash':
        this.dispatchEvent(new Event('flash'));
        break;
      case 'secure-input':
        this.#onSecureInput(message);
        break;
      case 'dtmf-receipt':
        this.#presses.receive(message);
        this.#watchForLost();
        break;
      case 'dtmf-road':
        this.#digitRoad = /** @type {DigitRoad} */ (String(message.road));
        this.dispatchEvent(new DigitRoadEvent(this.#digitRoad, String(message.why ?? '')));
        break;
      case 'held':
      case 'resumed':
        this.#onHold(message.type, /** @type {HeldBy} */ (message.by), message.ref);
        break;
      case 'transfer':
        this.#onTransfer(message);
        break;
      case 'heard':
        this.#onHeard(message);
        break;
      case 'quality':
        this.#onQuality(new QualityEvent(message));
        break;
      case 'error':
        this.#onError(message);
        break;
      default: // a newer gateway's message
    }
  }

  /** The socket went; what the gateway tells meanwhile, it tells when the socket is back. Not for pages. @internal */
  signalingLost() {
    this.#presses.signaling(false);
    this.#watchForLost();
    this.dispatchEvent(new Event('signalinglost'));
  }

  /**
   * The socket is back with the same session. Not for pages.
   *
   * @internal
   * @param {boolean} whole whether nothing that the gateway told is missing
   * @param {Message} [known] the call's entry of `calls`
   */
  signalingRestored(whole, known) {
    if (!whole) {
      this.#giveUpRequests(new RingdownError('not-connected'));
    }
    this.#presses.signaling(true, whole, this.#host.environment.now());
    this.#watchForLost();
    this.dispatchEvent(new Event('signalingrestored'));
    if (known && !whole) {
      this.#align(known);
    }
    void this.#media.signalingRestored(whole, known?.media === 'wanted');
  }

  /**
   * Takes the call's state from the gateway, and tells what of it is new. What the page has asked for and the gateway has not taken
   * yet is not in it.
   *
   * @param {Message} known an entry of `calls`
   */
  #align(known) {
    const pending = (/** @type {string} */ type) => this.#host.awaits({ type, call: this.#id });
    const steps = [
      () => this.#alignState(known, pending('accept')),
      ...BOTH_SIDES.map((by) => () => this.#alignHold(by, known.held === by || known.held === 'both')),
      () => this.#showMuted(pending('mute') ? this.#muted : known.muted === true),
      () => this.#onSecureInput({ type: 'secure-input', on: known.secureInput }),
    ];
    for (const step of steps) {
      if (!this.#reason) {
        step(); // who hears of the one before may hang up
      }
    }
  }

  /**
   * @param {Message} known
   * @param {boolean} accepting whether the gateway has still to be told that the call is accepted
   */
  #alignState({ state, sinceMillis }, accepting) {
    if (state === 'established') {
      this.#onEstablished(Number(sinceMillis ?? 0));
    } else if (state === 'incoming') {
      if (!accepting) {
        this.#onNotAccepted();
      }
    } else if (ORDER.indexOf(/** @type {CallState} */ (state)) > ORDER.indexOf(this.#state)) {
      this.#onProgress(String(state));
    }
  }

  /**
   * @param {HeldBy} by
   * @param {boolean} held
   */
  #alignHold(by, held) {
    if (held !== this.#hold.holds(by)) {
      this.#onHold(held ? 'held' : 'resumed', by, undefined);
    }
  }

  /**
   * This page has the call no more: the gateway knows nothing of it, or another page has it. Not for pages.
   *
   * @internal
   * @param {string} cause
   */
  lost(cause) {
    this.#end({ cause, blame: cause === 'taken-over' ? 'none' : 'network' }, cause !== 'taken-over');
  }

  /** Rings for an incoming call. Not for pages. @internal */
  ring() {
    if (this.#host.tones) {
      this.#host.audio.ring();
    }
  }

  /** @param {Record<string, unknown> & {type: string}} message */
  #request(message) {
    if (!this.#host.send({ ...message, call: this.#id })) {
      throw new RingdownError('not-connected');
    }
  }

  /**
   * @param {unknown} ref
   * @param {string} sdp
   */
  async #onAnswer(ref, sdp) {
    try {
      await this.#media.answer(ref, sdp);
    } catch {
      this.#host.tell({ type: 'hangup', call: this.#id });
      this.#end({ cause: 'media-not-acceptable', blame: 'gateway' }, true);
    }
  }

  /** @param {string} state */
  #onProgress(state) {
    if (!Object.hasOwn(PROGRESS, state) || this.#state === 'ended' || this.#state === 'established') {
      return;
    }
    if (state === 'early-media') {
      this.#earlySound = true;
      this.#host.audio.stop();
    } else if (state === 'ringing' && this.#host.tones && !this.#earlySound) {
      this.#host.audio.play(toneFor(this.to, 'ringing'));
    }
    const later = /** @type {CallState} */ (state);
    if (ORDER.indexOf(later) > ORDER.indexOf(this.#state)) {
      this.#enter(later);
    }
    this.dispatchEvent(new Event(PROGRESS[state]));
  }

  /** @param {number} [sinceMillis] how long ago */
  #onEstablished(sinceMillis = 0) {
    if (this.#state === 'ended' || this.#state === 'established') {
      return;
    }
    this.#host.audio.stop();
    this.#establishedAt = new Date(Date.now() - sinceMillis);
    this.#enter('established');
    this.dispatchEvent(new Event('established'));
  }

  /** @param {Message} message */
  #onError(message) {
    const code = String(message.code);
    const error = new RingdownError(code, { text: typeof message.text === 'string' ? message.text : '' });
    if (!this.#id) {
      // The start itself was refused: no call came to be.
      this.#end({ cause: code, text: error.message, hint: error.hint, retry: error.retryable, blame: 'caller' }, true);
      return;
    }
    if (message.ref === ACCEPT) {
      this.#onNotAccepted();
    }
    if (message.ref === LISTEN) {
      this.#navigator?.fail(error);
    } else if (typeof message.ref === 'string') {
      void this.#media.leg?.withdraw(message.ref);
      this.#secureInput.refuse(message.ref, error);
      this.#presses.refuse(message.ref, error);
      this.#hold.refuse(message.ref, error);
      this.#transfer.refuse(message.ref, error);
      this.#media.hush();
    }
    this.dispatchEvent(new FailureEvent('error', error));
  }

  /** It still rings for others, and may be accepted again. */
  #onNotAccepted() {
    if (this.direction === 'incoming' && this.#state === 'connecting') {
      this.#media.close();
      this.#enter('incoming');
    }
  }

  /** @param {boolean} muted */
  #setMuted(muted) {
    if (this.#state === 'ended' || this.#muted === muted) {
      return;
    }
    if (this.#id) {
      this.#host.tell({ type: 'mute', call: this.#id, muted });
    }
    this.#showMuted(muted);
  }

  /** @param {boolean} muted */
  #showMuted(muted) {
    if (this.#muted !== muted) {
      this.#muted = muted;
      this.#media.hush();
      this.dispatchEvent(new Event(muted ? 'localmuted' : 'localunmuted'));
    }
  }

  /** @param {Message} message */
  #onSecureInput(message) {
    if (this.#secureInput.receive(message)) {
      this.dispatchEvent(new Event('secureinputchange'));
    }
  }

  /** @param {'hold'|'resume'} type */
  #askHold(type) {
    if (this.#state !== 'established') {
      throw new RingdownError('wrong-state');
    }
    const done = this.#hold.ask(type, (message) => this.#request(message));
    this.#media.hush();
    return done;
  }

  /**
   * @param {'held'|'resumed'} type
   * @param {HeldBy} by
   * @param {unknown} ref
   */
  #onHold(type, by, ref) {
    this.#hold.receive(type === 'held', by, ref);
    this.#media.hush();
    this.dispatchEvent(new HoldEvent(type, by));
  }

  /** @param {Message} message */
  #onTransfer(message) {
    const event = this.#transfer.receive(message);
    if (event) {
      this.dispatchEvent(event);
    }
  }

  /** Nothing more is heard of what was asked. @param {RingdownError} error */
  #giveUpRequests(error) {
    this.#hold.giveUp(error);
    this.#transfer.giveUp(error);
    this.#secureInput.end(error);
    this.#media.hush();
  }

  /** Whether the two sides can hear each other. */
  get #audible() {
    return (this.#state === 'early-media' || this.#state === 'established') && !this.#reason;
  }

  /** @returns {DigitQueue | null} null: digits go by message */
  #digitQueue() {
    const sender = this.#media.leg?.dtmf;
    if (!sender) {
      return null;
    }
    this.#digits ??= new DigitQueue(sender, {
      began: (digit, wanted) => this.dispatchEvent(new LocalDigitEvent(digit, wanted ? this.#presses.began() : null)),
      over: () => {
        this.#presses.over(this.#host.environment.now());
        this.#watchForLost();
      },
      gaveUp: (reason) => this.#presses.giveUp(reason),
    });
    return this.#digits;
  }

  /**
   * @param {import('./digits.js').Press} wanted
   * @param {string} keys without the commas
   */
  #pressByMessage({ digits, durationMillis, gapMillis }, keys) {
    const ref = `digits-${++this.#digitRefs}`;
    this.#request({ type: 'dtmf', ref, digits, duration: durationMillis, gap: gapMillis });
    const request = this.#presses.byMessage(keys.length, ref);
    request.presses.forEach(({ receipt }, i) => this.dispatchEvent(new LocalDigitEvent(keys[i], receipt.ordinal)));
    return request;
  }

  #watchForLost() {
    clearTimeout(this.#lostTimer);
    const { now } = this.#host.environment;
    if (this.#presses.deadline !== Infinity) {
      this.#lostTimer = setTimeout(() => {
        this.#presses.expire(now());
        this.#watchForLost();
      }, Math.max(0, Math.ceil(this.#presses.deadline - now())));
    }
  }

  /** @param {Message} message */
  #onDigit(message) {
    const road = /** @type {DigitEvent['road']} */ (typeof message.road === 'string' ? message.road : null);
    this.dispatchEvent(new DigitEvent(String(message.digit), Number(message.duration), road));
  }

  /** @param {Message} message */
  #onHeard(message) {
    const { what, duration, hertz } = message;
    if (what === 'sound' || what === 'silence' || what === 'beep') {
      const number = (/** @type {unknown} */ value) => (typeof value === 'number' ? value : null);
      const event = new HeardEvent(what, number(duration), number(hertz));
      this.dispatchEvent(event);
      this.#navigator?.onHeard(event);
    }
  }

  /** @param {QualityEvent} event */
  #onQuality(event) {
    this.#warnings.onQuality(event);
    this.dispatchEvent(event);
  }

  /** @param {import('./leg.js').Looked} seen */
  #look(seen) {
    if (this.#state !== 'established') {
      return;
    }
    const signs = { ...seen, wanted: this.#media.wanted, muted: this.#muted, held: this.#hold.by !== null };
    for (const { code, on } of this.#warnings.look(signs, this.#host.environment.now())) {
      this.dispatchEvent(new WarningEvent(on ? 'warning' : 'warningcleared', this.#adviceOn(code)));
    }
  }

  /** @param {string} code */
  #adviceOn(code) {
    return adviceOn(code, code === 'one-way-audio' ? this.#warnings.verdict : undefined);
  }

  /** @param {CallState} state */
  #enter(state) {
    this.#state = state;
    this.#navigator?.onState();
    this.dispatchEvent(new Event('statechange'));
  }

  /**
   * @param {Record<string, unknown>} ending as an `ended` message tells it
   * @param {boolean} audibly whether the caller should hear the network's tone for it
   */
  #end(ending, audibly) {
    if (this.#reason) {
      return; // ended, or just ending: receipts are told first
    }
    const heardTheNetwork = this.#earlySound || this.#establishedAt !== null || this.direction === 'incoming';
    this.#reason = endReason(ending);
    this.#host.audio.stop();
    this.#media.close();
    this.#presses.end();
    this.#giveUpRequests(new RingdownError('call-ended', { cause: this.#reason }));
    clearTimeout(this.#lostTimer);
    if (audibly && this.#host.tones && !heardTheNetwork) {
      this.#playEnding(this.#reason.cause);
    }
    this.#host.forget(this);
    this.#enter('ended');
    this.#navigator?.fail(new RingdownError('call-ended', { cause: this.#reason }));
    this.dispatchEvent(new EndedEvent(this.#reason));
  }

  /** @param {string} cause */
  #playEnding(cause) {
    if (BUSY_CAUSES.has(cause)) {
      this.#host.audio.playBriefly(toneFor(this.to, 'busy'));
    } else if (CONGESTION_CAUSES.has(cause)) {
      this.#host.audio.playBriefly(toneFor(this.to, 'congestion'));
    }
  }

  /** The browser plays nothing more of what it was given: its connection is closed. */
  #forgetDigits() {
    this.#digits?.close();
    this.#digits = null;
    if (!this.#reason) {
      this.#presses.giveUp('lost');
    }
  }
}

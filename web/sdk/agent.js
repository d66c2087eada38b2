/**
 * What somebody at work does beyond single calls: availability, colleagues and groups, three-way conferences, listening in. A module of
 * its own over a RingdownClient; the bundle has none of it.
 *
 *     const agent = new Agent(client); // before connect(), so that it hears the welcome
 *     agent.addEventListener('colleagueschange', () => show(agent.colleagues));
 *     await client.connect();
 *     await agent.setAvailability('available');
 */
import { ConferenceEvent, SupervisedEvent } from './agent-events.js';
import { ago, colleagueOf, conferencesIn, groupOf, listOf, text, textsOf } from './colleagues.js';
import { RingdownError } from './errors.js';
import { TypedEventTarget } from './events.js';
import { Requests } from './requests.js';
import { Supervision } from './supervision.js';

/**
 * @typedef {import('./call.js').Call} Call
 * @typedef {import('./client.js').RingdownClient} RingdownClient
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 * @typedef {import('./colleagues.js').Colleague} Colleague
 * @typedef {import('./colleagues.js').ColleagueCall} ColleagueCall
 * @typedef {import('./colleagues.js').Group} Group
 * @typedef {import('./supervision.js').SupervisionMode} SupervisionMode
 */

/** @typedef {'available'|'away'|'busy'} AvailabilityState what somebody says of themselves */

/** @typedef {{state: AvailabilityState, reason: string, since: Date}} Availability */

/** @typedef {{user: string, name: string, extension: string, groups: readonly string[], supervises: readonly string[]}} Self */

/**
 * What an incoming call tells beyond number and name.
 *
 * @typedef {object} Errand
 * @property {string} group for which it rings; empty: for this person
 * @property {number | null} waitedMillis how long the caller has waited before it rang here
 * @property {boolean} originated the gateway rings so that this person calls `to`
 * @property {string} to
 * @property {string} transferredBy who has sent it here
 */

/**
 * @typedef {object} AgentEvents
 * @property {Event} selfchange
 * @property {Event} availabilitychange
 * @property {Event} colleagueschange
 * @property {ConferenceEvent} conferencechange
 * @property {SupervisedEvent} supervised
 */

export { ConferenceEvent, SupervisedEvent };

const TOLD_ONCE = new Set(['availability', 'watch']); // their answers are kept for nobody who is away
const MOST_ERRANDS = 64; // of incoming calls; more than a session may have

/** @extends {TypedEventTarget<AgentEvents & Record<string, Event>>} */
export class Agent extends TypedEventTarget {
  /** @type {import('./call.js').CallHost} */
  #host;
  /** @type {Readonly<Self> | null} */
  #self = null;
  /** @type {Readonly<Availability> | null} */
  #availability = null;
  #watching = false;
  /** @type {Map<string, Readonly<Colleague>>} */
  #colleagues = new Map();
  /** @type {Map<string, Readonly<Group>>} */
  #groups = new Map();
  /** By the ids of calls. @type {Map<string, Readonly<Errand>>} */
  #errands = new Map();
  /** Calls whose telephones hear each other, by their ids. @type {Map<string, string>} */
  #conferences = new Map();
  /** @type {Map<string, Supervision>} */
  #supervisions = new Map();
  /** Those that the gateway has not answered, by the `ref` of what asked for them. @type {Map<string, Supervision>} */
  #asked = new Map();
  /** @type {Requests<void>} */
  #requests = new Requests();
  /** What these ask for, by their `ref`. @type {Map<string, Message>} */
  #unanswered = new Map();
  #refs = 0;

  /** @param {RingdownClient} client that is not connected yet */
  constructor(client) {
    super();
    this.#host = client.attach((message) => this.#receive(message));
    client.addEventListener('statechange', () => {
      if (client.state === 'closed') {
        this.#lost();
      }
    });
  }

  /**
   * Who this is; null: not connected yet, or nobody whom the gateway has an account of, and then it refuses all of the below.
   *
   * @returns {Readonly<Self> | null}
   */
  get self() {
    return this.#self;
  }

  /** @returns {Readonly<Availability> | null} null as for `self` */
  get availability() {
    return this.#availability;
  }

  /** Everybody, while watch() is on. */
  get colleagues() {
    return [...this.#colleagues.values()];
  }

  /** All groups, while watch() is on. */
  get groups() {
    return [...this.#groups.values()];
  }

  /** The supervisions that have not ended. */
  get supervisions() {
    return [...this.#supervisions.values(), ...this.#asked.values()];
  }

  /**
   * Why a call rings here; null: nothing more is known than the call itself tells.
   *
   * @param {Call} call
   * @returns {Readonly<Errand> | null}
   */
  errandOf(call) {
    return this.#errands.get(call.id ?? '') ?? null;
  }

  /**
   * The id of the call whose telephone hears that of this one, and is heard by it; null: none.
   *
   * @param {Call} call
   */
  conferenceOf(call) {
    return this.#conferences.get(call.id ?? '') ?? null;
  }

  /**
   * Whether groups ring this person.
   *
   * @param {AvailabilityState} state
   * @param {string} [reason] that colleagues see
   * @returns {Promise<void>} when the gateway has taken it
   * @throws {RingdownError} not-connected, and what the gateway refuses it with
   */
  setAvailability(state, reason = '') {
    return this.#ask({ type: 'availability', state, ...(reason ? { reason } : {}) });
  }

  /**
   * Follows colleagues and groups, over lost sockets too, until watch(false).
   *
   * @param {boolean} on
   * @returns {Promise<void>} when the gateway has told of all; of the end it tells nothing
   * @throws {RingdownError} not-connected, and what the gateway refuses it with
   */
  async watch(on) {
    this.#watching = on;
    if (on) {
      await this.#ask({ type: 'watch', on });
    } else {
      this.#colleagues.clear();
      this.#groups.clear();
      this.#host.send({ type: 'watch', on });
    }
  }

  /**
   * Joins two calls of this person: the two telephones hear each other.
   *
   * @param {Call} call
   * @param {Call} other both answered, neither on hold
   * @returns {Promise<void>} when they do
   * @throws {RingdownError} wrong-state, not-connected, and what the gateway refuses it with
   */
  async conference(call, other) {
    if (!call.id || !other.id) {
      throw new RingdownError('wrong-state');
    }
    await this.#ask({ type: 'conference', call: call.id, with: other.id });
  }

  /**
   * Ends that; both calls go on.
   *
   * @param {Call} call one of the two
   * @returns {Promise<void>}
   * @throws {RingdownError} as conference()
   */
  async endConference(call) {
    await this.#ask({ type: 'conference-end', call: call.id });
  }

  /**
   * Listens to a call of a colleague, or speaks in it.
   *
   * @param {string} call its id, as colleagues have it
   * @param {SupervisionMode} [mode]
   * @param {{microphone?: MicrophoneChoice}} [options]
   * @returns {Promise<Supervision>} when the gateway has been asked; `established` or `ended` follows
   * @throws {RingdownError} not-connected, or a microphone's
   */
  async supervise(call, mode = 'listen', { microphone = true } = {}) {
    this.#host.audio.unlock();
    const ref = `supervise-${++this.#refs}`;
    const supervision = new Supervision(this.#host, call, mode, {
      change: (id, to) => this.#ask({ type: 'supervise', call: id, mode: to }),
      ended: () => this.#forget(supervision, ref),
    });
    this.#asked.set(ref, supervision);
    try {
      const sdp = await supervision.call.prepareOffer(microphone, ref);
      if (!this.#host.send({ type: 'supervise', ref, call, mode, sdp })) {
        throw new RingdownError('not-connected');
      }
      return supervision;
    } catch (error) {
      this.#asked.delete(ref);
      supervision.hangup();
      throw error;
    }
  }

  /**
   * @param {Supervision} supervision
   * @param {string} ref
   */
  #forget(supervision, ref) {
    const { id } = supervision.call;
    if (id) {
      this.#asked.delete(ref);
      this.#supervisions.delete(id);
    } // else the answer, when it comes, is hung up
  }

  /**
   * @param {Message} message
   * @returns {Promise<void>}
   */
  async #ask(message) {
    let asked = '';
    try {
      await this.#requests.ask('agent', (ref) => {
        if (!this.#host.send({ ...message, ref })) {
          throw new RingdownError('not-connected');
        }
        asked = ref;
        this.#unanswered.set(ref, message);
      });
    } finally {
      this.#unanswered.delete(asked);
    }
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it is for nobody else
   */
  #receive(message) {
    switch (message.type) {
      case 'welcome':
        this.#onWelcome(message);
        return false;
      case 'incoming':
        this.#onIncoming(message);
        return false;
      case 'availability':
        this.#showAvailability(message);
        this.#requests.take(message.ref)?.resolve();
        return true;
      case 'colleagues':
        this.#onColleagues(message);
        return true;
      case 'colleague':
      case 'group':
        this.#onOne(message);
        return true;
      case 'conference':
        this.#onConference(message);
        return true;
      case 'supervised':
        this.dispatchEvent(new SupervisedEvent(text(message.call), message.mode, text(message.by)));
        return true;
      default:
        return this.#ofSupervision(message) || this.#refused(message);
    }
  }

  /** @param {Message} message */
  #onWelcome(message) {
    const known = /** @type {Record<string, unknown>} */ (Object(message.agent));
    const user = text(known.user);
    const wasSomebody = this.#self !== null;
    this.#self = user
      ? Object.freeze({
        user, name: text(known.name) || user, extension: text(known.extension), groups: textsOf(known.groups),
        supervises: textsOf(known.supervises),
      })
      : null;
    const conferences = message.resumed === true ? conferencesIn(message.calls) : new Map();
    if (message.resumed !== true || message.gap === true) {
      this.#lost(conferences);
    }
    const unheard = wasSomebody ? this.#unheard() : []; // nobody has been refused, and refusals are told again
    this.#settleAvailability(unheard.filter(({ type }) => type === 'availability'), known);
    if (!this.#self) {
      this.#availability = null;
    } else if (this.#availability?.state !== known.state) { // else it is as it was, and since when the welcome does not say
      this.#showAvailability(known);
    }
    this.#watchAgain(unheard.filter(({ type }) => type === 'watch'));
    conferences.forEach((other, call) => {
      if (this.#conferences.get(call) !== other) {
        this.#unite(call, other, true);
      }
    });
    this.dispatchEvent(new Event('selfchange'));
  }

  /** Requests that the gateway has taken, and has answered where nobody heard it any more. What it has not taken is said again. */
  #unheard() {
    return [...this.#unanswered].map(([ref, message]) => ({ ...message, ref }))
      .filter(({ type, ref }) => TOLD_ONCE.has(type) && !this.#host.awaits({ type, ref }));
  }

  /**
   * @param {(Message & {ref: string})[]} unheard the last of which says what the gateway was to make of it
   * @param {Record<string, unknown>} known what it says of this person now
   */
  #settleAvailability(unheard, known) {
    const last = unheard.at(-1);
    const isSo = last !== undefined && this.#self !== null && last.state === known.state;
    if (isSo) {
      this.#showAvailability(last); // with its reason, which the welcome does not say
    }
    unheard.forEach(({ ref }) => this.#settle(ref, isSo ? null : this.#unfulfilled));
  }

  /** @param {(Message & {ref: string})[]} unheard that ask for the same */
  #watchAgain(unheard) {
    const settle = (/** @type {Error | null} */ error) => unheard.forEach(({ ref }) => this.#settle(ref, error));
    if (this.#watching && this.#self) {
      this.watch(true).then(() => settle(null), settle); // lost again: the next welcome says so
    } else {
      settle(this.#unfulfilled);
    }
  }

  get #unfulfilled() {
    return new RingdownError(this.#self ? 'not-connected' : 'not-an-agent');
  }

  /**
   * @param {string} ref
   * @param {Error | null} error null: it is as it was asked for
   */
  #settle(ref, error) {
    const waiting = this.#requests.take(ref);
    if (error) {
      waiting?.reject(error);
    } else {
      waiting?.resolve();
    }
  }

  /**
   * The session is another one, or what was told meanwhile is gone.
   *
   * @param {Map<string, string>} [conferences] that are there still
   */
  #lost(conferences = new Map()) {
    this.#requests.giveUp(new RingdownError('not-connected'));
    this.#unanswered.clear();
    for (const supervision of this.supervisions) {
      supervision.call.lost('socket-lost');
    }
    this.#asked.clear();
    this.#supervisions.clear();
    for (const [call, other] of [...this.#conferences]) {
      if (conferences.get(call) !== other) {
        this.#unite(call, other, false);
      }
    }
  }

  /** @param {Record<string, unknown>} told */
  #showAvailability({ state, reason, sinceMillis }) {
    this.#availability = Object.freeze({
      state: state === 'away' || state === 'busy' ? state : 'available',
      reason: text(reason),
      since: ago(sinceMillis),
    });
    this.dispatchEvent(new Event('availabilitychange'));
  }

  /** @param {Message} message */
  #onIncoming({ call, group, waited, originated, to, transferredBy }) {
    this.#errands.set(text(call), Object.freeze({
      group: text(group),
      waitedMillis: typeof waited === 'number' ? waited : null,
      originated: originated === true,
      to: text(to),
      transferredBy: text(transferredBy),
    }));
    if (this.#errands.size > MOST_ERRANDS) {
      this.#errands.delete(this.#errands.keys().next().value ?? '');
    }
  }

  /** @param {Message} message */
  #onColleagues(message) {
    if (this.#watching) {
      this.#colleagues = new Map(listOf(message.list).map((each) => [text(each.user), colleagueOf(each)]));
      this.#groups = new Map(listOf(message.groups).map((each) => [text(each.group), groupOf(each)]));
    }
    this.#requests.take(message.ref)?.resolve();
    this.dispatchEvent(new Event('colleagueschange'));
  }

  /** @param {Message} message */
  #onOne(message) {
    if (!this.#watching) {
      return;
    }
    if (message.type === 'group') {
      this.#groups.set(text(message.group), groupOf(message));
    } else {
      this.#colleagues.set(text(message.user), colleagueOf(message));
    }
    this.dispatchEvent(new Event('colleagueschange'));
  }

  /** @param {Message} message */
  #onConference(message) {
    this.#unite(text(message.call), text(message.with), message.on === true);
    this.#requests.take(message.ref)?.resolve();
  }

  /**
   * @param {string} call
   * @param {string} other
   * @param {boolean} on
   */
  #unite(call, other, on) {
    const with_ = other || this.#conferences.get(call) || '';
    if (on) {
      this.#conferences.set(call, with_).set(with_, call);
    } else {
      this.#conferences.delete(call);
      this.#conferences.delete(with_);
    }
    this.dispatchEvent(new ConferenceEvent(call, with_, on));
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it was of one
   */
  #ofSupervision(message) {
    const ref = text(message.ref);
    const asked = this.#asked.get(ref);
    if (asked) {
      this.#asked.delete(ref);
      if (asked.call.state === 'ended') {
        if (message.type === 'answer') {
          this.#host.tell({ type: 'hangup', call: message.call });
        }
        return true;
      }
      if (message.type === 'answer') {
        this.#supervisions.set(text(message.call), asked);
      }
      asked.receive(message);
      return true;
    }
    const supervision = this.#supervisions.get(text(message.call));
    if (!supervision) {
      return false;
    }
    if (!this.#refused(message)) {
      this.#requests.take(message.ref)?.resolve();
      supervision.receive(message);
    }
    return true;
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it refuses what was asked here
   */
  #refused(message) {
    const waiting = message.type === 'error' ? this.#requests.take(message.ref) : undefined;
    waiting?.reject(new RingdownError(text(message.code), { text: text(message.text) }));
    return waiting !== undefined;
  }
}

/** The page's side of a gateway: one socket, any number of calls. */
import { AudioOutput } from './audio.js';
import { Authorization } from './authorization.js';
import { Call } from './call.js';
import { Connection } from './connection.js';
import { listDevices } from './devices.js';
import { browserEnvironment } from './environment.js';
import { RingdownError, loaded } from './errors.js';
import { DrainingEvent, FailureEvent, IncomingEvent, ResumedEvent, TestProgressEvent, TypedEventTarget } from './events.js';
import { choiceOf, rememberable } from './microphone.js';
import { NetworkWatch } from './network-watch.js';
import { normaliseNumber } from './numbers.js';
import { Session } from './session.js';
import { SessionStore } from './session-store.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 * @typedef {import('./session.js').Resumption} Resumption
 * @typedef {Message & {to: string, ref: string}} Start
 */

/**
 * @typedef {object} ClientOptions
 * @property {string} [url] of the gateway, ws(s) or http(s); by default the page's own origin. Without a path: /v1/rtc
 * @property {string | TokenFunction} [token] to sign in with; a function is asked again when another one is needed
 * @property {string} [tokenUrl] of the page's back end, that gives tokens (docs/sdk.md, "Tokens")
 * @property {'session' | 'call'} [tokenPer] `call`: each call has a token of its own; else only where the one before is used up
 * @property {string[]} [numbers] the E.164 numbers this page answers for
 * @property {boolean} [quality] false: the gateway does not tell how calls do, and there is no `quality` event
 * @property {boolean | string} [resume] false: calls do not outlive the page; a name, where a page has several clients for one gateway
 * @property {boolean} [tones] false: the SDK plays no ringback, busy, congestion and ringing tones
 * @property {Partial<Environment>} [environment] what to use instead of the browser's own objects
 */

/** @typedef {(wish: {to?: string}) => string | Promise<string>} TokenFunction `to`: the number to be called, where one is known */

/**
 * @typedef {object} CallOptions
 * @property {string} to the number to call; E.164, or the digits of an extension
 * @property {string} [from] the number to show, if the gateway allows it; `anonymous` to show none
 * @property {Record<string, string>} [headers] SIP headers named `X-…`, for trunks that take them
 * @property {string} [name] the name to show, if the gateway allows it
 * @property {MicrophoneChoice} [microphone] true by default
 * @property {boolean} [secureInput] keeps digits from who listens or records, from the first sound on
 * @property {AbortSignal} [signal] gives up while the microphone is being asked for
 */

/**
 * `closed` before connect(), after close(), when the gateway refused the sign-in, and when another tab has taken the calls over.
 *
 * @typedef {'closed'|'connecting'|'connected'|'reconnecting'} ClientState
 */

/**
 * @typedef {object} ClientEvents
 * @property {Event} statechange
 * @property {Event} connected
 * @property {FailureEvent} disconnected
 * @property {IncomingEvent} incoming
 * @property {ResumedEvent} resumed
 * @property {Event} elsewhere
 * @property {DrainingEvent} draining
 * @property {Event} devicechange
 * @property {TestProgressEvent} testprogress
 * @property {FailureEvent} error
 */

/** @extends {TypedEventTarget<ClientEvents & Record<string, Event>>} */
export class RingdownClient extends TypedEventTarget {
  /** @type {ClientOptions} */
  #options;
  /** @type {Environment} */
  #environment;
  /** @type {Connection} */
  #connection;
  /** @type {Authorization} */
  #authorization;
  /** The number that the next sign-in is for. @type {string | undefined} */
  #first;
  /** The token that it has already; empty: it fetches one. */
  #shown = '';
  /** @type {AudioOutput} */
  #audio;
  /** @type {ClientState} */
  #state = 'closed';
  /** @type {{resolve: () => void, reject: (error: RingdownError) => void, persistent: boolean} | null} */
  #connecting = null;
  /** @type {Session} */
  #session;
  /** @type {SessionStore} */
  #store;
  /** The token of a session that another tab has; empty: none is known of. */
  #elsewhere = '';
  /** Whether the next hello takes that over. */
  #takingOver = false;
  /** @type {string[]} */
  #numbers = [];
  /** @type {RTCIceServer[]} */
  #iceServers = [];
  /** Calls the gateway has an id for. @type {Map<string, Call>} */
  #calls = new Map();
  /** Calls asked for, by the `ref` of their `start`. @type {Map<string, Call>} */
  #starting = new Map();
  /** Those for which nothing has been said yet: what becomes of the session is nothing to them. @type {Set<Call>} */
  #unasked = new Set();
  /** What asked for them, where it may be said once more with another token. @type {Map<string, Start>} */
  #again = new Map();
  /** `ref`s of calls hung up before the gateway gave them an id. @type {Set<string>} */
  #abandoned = new Set();
  #refs = 0;
  /** @type {import('./pre-call.js').PreCall | null} */
  #test = null;
  /** @type {NetworkWatch} */
  #network;
  /** @type {((message: Message) => unknown) | undefined} */
  #beside;
  #onDevices = () => void this.#devicesChanged();

  /** @param {ClientOptions} [options] */
  constructor(options = {}) {
    super();
    this.#options = options;
    this.#environment = { ...browserEnvironment(), ...options.environment };
    this.#audio = new AudioOutput(this.#environment);
    this.#network = new NetworkWatch(this.#environment, {
      doubtful: () => this.#connection.probe(),
      changed: () => this.calls.forEach((call) => call.networkChanged()),
      shownAgain: () => this.#backFromMemory(),
    });
    const url = gatewayUrl(options.url);
    const { resume = true } = options;
    this.#session = new Session(this.#environment.random);
    this.#store = new SessionStore(resume ? this.#environment.storage : undefined, resume === true ? '' : `${resume}`, url);
    this.#connection = new Connection(url, this.#environment, this.#session, {
      hello: (signIn) => this.#hello(signIn),
      maySignIn: () => this.#authorization.possible,
      welcomed: (welcome, resumption) => this.#onWelcome(welcome, resumption),
      inUse: ({ calls }) => this.#onInUse(calls !== 0),
      received: (message) => this.#onMessage(message),
      lost: (error, retryInMillis) => this.#onLost(error, retryInMillis),
    });
    this.#authorization = new Authorization(options, this.#environment, (message) => this.#connection.send(message),
      (token) => this.#signInBy(token));
  }

  /** @returns {ClientState} */
  get state() {
    return this.#state;
  }

  /** The numbers the gateway lets this page answer for. */
  get numbers() {
    return [...this.#numbers];
  }

  /** Whether another tab has the calls that this one had before: takeOver() brings them here. */
  get elsewhere() {
    return this.#elsewhere !== '';
  }

  /** The calls that have not ended. */
  get calls() {
    return [...new Set([...this.#calls.values(), ...this.#starting.values()])];
  }

  /** The sound of this client: whether the browser still keeps it silent, and the tones. */
  get audio() {
    return this.#audio;
  }

  /**
   * Signs in. After a loss the client comes back by itself; after a reload it finds the calls that the page had.
   *
   * @param {{persistent?: boolean, to?: string}} [options] persistent: go on trying when even the first attempt fails, as it does in
   *   any case while there are calls; to: the number that will be called first, so that the token is fetched for it
   * @returns {Promise<void>} when signed in
   * @throws {RingdownError} unauthorized, socket-unreachable, token-failed, aborted (by close())
   */
  connect({ persistent = false, to } = {}) {
    if (this.#state === 'connected') {
      return Promise.resolve();
    }
    this.#first = to === undefined ? to : dialable(to);
    if (!this.#session.token) {
      this.#session.begin(this.#store.read().token);
    }
    return this.#open(persistent || this.calls.length > 0);
  }

  /**
   * Brings the calls here that another tab has: they end there, with the cause `taken-over`, and `resumed` tells of them here.
   *
   * @returns {Promise<void>} when they are here
   * @throws {RingdownError} wrong-state: no other tab has calls, or this one has some of its own; call-ended: there are none any
   *   more; else as connect()
   */
  async takeOver() {
    if (!this.#elsewhere || this.calls.length > 0) {
      throw new RingdownError('wrong-state');
    }
    this.#connection.close(); // and what this tab had as itself
    this.#session.begin(this.#elsewhere);
    this.#takingOver = true;
    await this.#open(true);
    if (this.calls.length === 0) {
      throw new RingdownError('call-ended');
    }
  }

  /**
   * @param {boolean} persistent
   * @returns {Promise<void>}
   */
  #open(persistent) {
    this.#connecting?.reject(new RingdownError('aborted'));
    this.#network.listen(true);
    this.#environment.mediaDevices?.addEventListener?.('devicechange', this.#onDevices);
    return new Promise((resolve, reject) => {
      this.#connecting = { resolve, reject, persistent };
      this.#enter('connecting');
      this.#connection.open(persistent);
    });
  }

  /**
   * What goes beyond calls has a module of its own (agent.js), which is asked about each message first. Not for pages.
   *
   * @internal
   * @param {(message: Message) => unknown} beside also told each `welcome`; true: the message was for it
   * @returns {import('./call.js').CallHost}
   */
  attach(beside) {
    this.#beside = beside;
    return this.#host('');
  }

  /** Hangs up all calls, leaves the gateway and lets go of the sound device. */
  close() {
    for (const call of this.calls) {
      call.hangup();
    }
    this.#test?.fail('not-connected');
    this.#authorization.giveUp();
    this.#connection.close();
    this.#audio.close();
    this.#network.listen(false);
    this.#environment.mediaDevices?.removeEventListener?.('devicechange', this.#onDevices);
    this.#session.begin();
    this.#store.clear();
    this.#elsewhere = '';
    this.#takingOver = false;
    this.#connecting?.reject(new RingdownError('aborted'));
    this.#connecting = null;
    this.#enter('closed');
  }

  /**
   * The microphones and speakers there are. Their labels are empty until the person has let the page use the microphone.
   *
   * @returns {Promise<import('./devices.js').Devices>}
   * @throws {RingdownError} insecure-page, no-webrtc
   */
  devices() {
    return listDevices(this.#environment);
  }

  /**
   * Has calls and tones heard by this speaker, now and from now on.
   *
   * @param {string} id empty: the system's default
   * @returns {Promise<void>} when they are
   * @throws {RingdownError} no-speaker-choice: the browser has none, as Safari; speaker-missing: the one before is used on
   */
  setSpeaker(id) {
    return this.#audio.setSpeaker(id);
  }

  /** A speaker that was taken away is replaced by the default one, as browsers do not do by themselves. */
  async #devicesChanged() {
    const { speaker } = this.#audio;
    const { speakers } = await this.devices();
    if (speaker && !speakers.some(({ id }) => id === speaker)) {
      await this.#audio.setSpeaker('').catch(() => {}); // then there is none at all
    }
    this.dispatchEvent(new Event('devicechange'));
  }

  /**
   * Calls a telephone number. Best called from a click: browsers then let it be heard.
   *
   * @param {CallOptions} options
   * @returns {Promise<Call>} when the gateway has been asked; listen to the call for what follows
   * @throws {RingdownError} not-connected, bad-number, microphone-…, insecure-page, no-webrtc, aborted, token-failed, unauthorized
   */
  async call({ to, from, name, headers, microphone = true, secureInput = false, signal }) {
    const number = dialable(to);
    if (this.#state !== 'connected') {
      throw new RingdownError('not-connected');
    }
    this.#audio.unlock();
    const ref = `call-${++this.#refs}`;
    const call = new Call(this.#host(ref), { direction: 'outgoing', to: number, from, name, ref });
    const abandon = () => call.hangup();
    signal?.addEventListener('abort', abandon, { once: true });
    this.#starting.set(ref, call);
    this.#unasked.add(call);
    try {
      if (signal?.aborted) {
        throw new RingdownError('aborted');
      }
      const sdp = await call.prepareOffer(microphone, ref);
      const start = {
        type: 'start',
        ref,
        to: number,
        sdp,
        ...(from ? { from } : {}),
        ...(name ? { name } : {}),
        ...(headers ? { headers } : {}),
        ...(secureInput ? { secureInput } : {}),
      };
      await this.#start(call, start);
      return call;
    } catch (error) {
      this.#starting.delete(ref); // it was never asked for: there is nothing to abandon
      call.hangup();
      this.#abandoned.delete(ref);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
  }

  /**
   * @param {Call} call
   * @param {Start} start
   * @param {boolean} [refused] whether the gateway has refused the token that it has
   * @returns {Promise<void>}
   */
  #start(call, start, refused) {
    const ask = () => {
      if (call.state === 'ended') {
        throw new RingdownError('aborted');
      }
      if (!this.#connection.send(start)) {
        throw new RingdownError('not-connected');
      }
      this.#unasked.delete(call);
      if (!refused && this.#authorization.renewable) {
        this.#again.set(start.ref, start);
      }
    };
    return this.#authorization.use(start.to, ask, refused);
  }

  /**
   * The gateway's token was of no use any more: once more, with another one.
   *
   * @param {Call} call
   * @param {Start} start
   */
  async #startAgain(call, start) {
    try {
      await this.#start(call, start, true);
    } catch (error) {
      const { code, message } = /** @type {RingdownError} */ (error);
      call.receive({ type: 'error', code, text: message });
      this.#abandoned.delete(start.ref); // nothing was asked for
    }
  }

  /**
   * Tests microphone, playback and the way to the gateway, which sends the page's own sound back: nobody is called. `testprogress`
   * tells how far it is. Everything is closed again when it is over.
   *
   * @param {import('./pre-call.js').TestOptions} [options]
   * @returns {Promise<import('./pre-call.js').TestReport>} what is the matter is in its verdicts, a missing microphone too
   * @throws {RingdownError} not-connected; wrong-state: another test is on; aborted; overloaded and the like
   */
  async test(options = {}) {
    this.#audio.unlock(); // in the gesture
    const { preCall } = await loaded(import('./pre-call.js'));
    if (this.#state !== 'connected') {
      throw new RingdownError('not-connected');
    }
    if (this.#test) {
      throw new RingdownError('wrong-state');
    }
    const ref = `test-${++this.#refs}`;
    const test = preCall(this.#host(ref), ref, options, (stage, part, level) =>
      this.dispatchEvent(new TestProgressEvent(stage, part, level)));
    this.#test = test;
    try {
      return await test.report;
    } finally {
      this.#test = null;
      if (test.waits()) {
        this.#abandoned.add(ref);
      }
    }
  }

  /**
   * @param {string} ref
   * @returns {import('./call.js').CallHost}
   */
  #host(ref) {
    return {
      environment: this.#environment,
      audio: this.#audio,
      tones: this.#options.tones !== false,
      send: (message) => this.#connection.send(message),
      tell: (message) => this.#connection.tell(message),
      connected: () => this.#connection.greeted,
      doubt: () => this.#connection.doubt(),
      awaits: (message) => this.#session.awaits(message),
      microphone: () => choiceOf(this.#store.read().microphone),
      remember: (choice, microphone) => this.#store.write({ microphone: rememberable(choice, microphone) }),
      iceServers: () => this.#iceServers,
      authorized: (to, request, refused) => this.#authorization.use(to, request, refused),
      forget: (call) => this.#forget(call, ref),
    };
  }

  /**
   * @param {Call} call
   * @param {string} ref
   */
  #forget(call, ref) {
    if (call.id) {
      this.#calls.delete(call.id);
    } else if (this.#starting.has(ref)) {
      this.#abandoned.add(ref);
    }
    this.#starting.delete(ref);
    this.#unasked.delete(call);
    this.#again.delete(ref);
  }

  /**
   * Leaves the session for another one, that of whoever has this token.
   *
   * @param {string} token
   */
  async #signInBy(token) {
    if (this.#test || this.calls.some((call) => !this.#unasked.has(call))) {
      throw new RingdownError('unauthorized');
    }
    this.#connection.close();
    this.#session.begin();
    this.#shown = token;
    await this.#open(false);
  }

  /** @param {boolean} signIn even though there is a session: its own token opens it, whatever has become of the one it began with */
  async #hello(signIn) {
    const { numbers } = this.#options;
    const shown = this.#shown;
    this.#shown = '';
    const token = shown || (signIn || !this.#session.token ? await this.#authorization.fetch(this.#first) : '');
    return {
      ...(token ? { token } : {}),
      ...(numbers?.length ? { numbers } : {}),
      ...this.#session.hello(),
      ...(this.#takingOver ? { takeOver: true } : {}),
      ...(this.#options.quality === false ? {} : { quality: true }),
    };
  }

  /**
   * @param {Message} welcome
   * @param {Resumption} resumption
   */
  #onWelcome(welcome, resumption) {
    this.#numbers = Array.isArray(welcome.numbers) ? welcome.numbers.map(String) : [];
    this.#iceServers = Array.isArray(welcome.iceServers) ? welcome.iceServers : [];
    this.#store.write({ token: this.#session.token });
    this.#authorization.welcomed(welcome, resumption.resumed, this.#first);
    this.#first = undefined;
    if (!resumption.resumed || !resumption.whole) {
      this.#authorization.giveUp();
    }
    if (this.#takingOver) {
      this.#takingOver = false;
      this.#elsewhere = '';
    }
    this.#enter('connected');
    const restored = this.#resume(Array.isArray(welcome.calls) ? welcome.calls : [], resumption);
    this.#connecting?.resolve();
    this.#connecting = null;
    this.#beside?.(welcome);
    this.dispatchEvent(new Event('connected'));
    this.#tellRestored(restored);
  }

  /**
   * @param {Message[]} entries what the gateway knows of the session's calls
   * @param {Resumption} resumption
   * @returns {Call[]} those that this page did not have
   */
  #resume(entries, { resumed, known, whole }) {
    const entryOf = (/** @type {Call} */ call) => entries.find((entry) => entry.call === call.id);
    if (!resumed) {
      this.#abandoned.clear();
    }
    for (const [ref, call] of resumed && !whole ? [...this.#starting] : []) {
      if (!this.#unasked.has(call) && !this.#session.awaits({ type: 'start', ref })) {
        call.lost('socket-lost'); // nobody knows which of `calls` it is: that comes up as another
        this.#abandoned.delete(ref);
      }
    }
    for (const call of this.calls) {
      const entry = entryOf(call);
      if (resumed ? !whole && call.id && !entry : !this.#unasked.has(call)) {
        call.lost('socket-lost');
      } else {
        call.signalingRestored(whole, entry);
      }
    }
    if (!resumed || (known && whole)) {
      return [];
    }
    return entries.filter(({ call }) => !this.#calls.has(`${call}`) && !this.#session.ends(`${call}`)).map((entry) => this.#restore(entry));
  }

  /**
   * @param {Message} entry
   * @returns {Call}
   */
  #restore(entry) {
    const id = String(entry.call);
    const call = new Call(this.#host(''), { ...originOf(entry), direction: entry.direction === 'inbound' ? 'incoming' : 'outgoing', id });
    this.#calls.set(id, call);
    call.restore(entry);
    return call;
  }

  /** @param {Call[]} calls */
  #tellRestored(calls) {
    if (calls.length === 0) {
      return;
    }
    this.dispatchEvent(new ResumedEvent(calls));
    for (const call of calls) {
      if (call.state === 'incoming') {
        this.#announce(call, calls.length > 1);
      } else if (call.state !== 'ended') {
        void call.renew();
      }
    }
  }

  /** @param {boolean} withCalls whether there is anything in the other tab that could be brought here */
  #onInUse(withCalls) {
    this.#elsewhere = withCalls ? this.#session.token : '';
    this.#session.begin();
    this.calls.forEach((call) => call.lost('taken-over'));
    if (withCalls) {
      this.dispatchEvent(new Event('elsewhere'));
    }
  }

  /**
   * @param {RingdownError} error
   * @param {number | null} retryInMillis
   */
  #onLost(error, retryInMillis) {
    const wasConnected = this.#state === 'connected';
    const final = retryInMillis === null;
    const takenOver = error.code === 'taken-over';
    if (takenOver) {
      this.#elsewhere = this.#session.token; // it works until the other tab has come back with its own
    }
    if (final && (takenOver || error.code === 'unauthorized')) {
      this.#session.begin();
      this.#store.clear();
      this.#takingOver = false;
    } else if (final) {
      this.#session.beginAgain();
    }
    this.#enter(final ? 'closed' : this.#connecting ? 'connecting' : 'reconnecting');
    this.#test?.fail('not-connected');
    for (const call of this.calls) {
      if (final) {
        call.lost(takenOver ? 'taken-over' : 'socket-lost');
      } else if (wasConnected) {
        call.signalingLost();
      }
    }
    if (final) {
      this.#authorization.giveUp();
      this.#connecting?.reject(error);
      this.#connecting = null;
    }
    this.dispatchEvent(new FailureEvent('disconnected', error, retryInMillis));
  }

  /** @param {Message} message */
  #onMessage(message) {
    const ref = typeof message.ref === 'string' ? message.ref : '';
    const id = typeof message.call === 'string' ? message.call : '';
    if (this.#test?.receive(message) || this.#beside?.(message)) {
      return;
    }
    if (message.type === 'incoming') {
      this.#onIncoming(id, message);
      return;
    }
    if (message.type === 'draining') {
      this.dispatchEvent(new DrainingEvent(Number(message.within)));
      return;
    }
    if (message.type === 'authorized') {
      this.#authorization.receive(message);
      return;
    }
    if (this.#abandoned.has(ref)) {
      this.#abandoned.delete(ref);
      if (message.type === 'answer') {
        this.#connection.send({ type: 'hangup', call: id });
      }
      return;
    }
    const starting = this.#starting.get(ref);
    const again = this.#again.get(ref);
    this.#again.delete(ref);
    if (starting && again && message.code === 'token-expired') {
      this.#unasked.add(starting);
      void this.#startAgain(starting, again);
      return;
    }
    if (starting && id) {
      this.#starting.delete(ref);
      this.#calls.set(id, starting);
    }
    const call = this.#calls.get(id) ?? starting;
    if (call) {
      call.receive(message);
    } else if (message.type === 'error') {
      const error = new RingdownError(String(message.code), { text: typeof message.text === 'string' ? message.text : '' });
      if (!this.#authorization.refuse(ref, error)) {
        this.dispatchEvent(new FailureEvent('error', error));
      }
    }
  }

  /**
   * @param {string} id
   * @param {Message} message
   */
  #onIncoming(id, message) {
    if (!id || this.#calls.has(id)) {
      return;
    }
    const quiet = this.#calls.size > 0; // nobody wants a bell in the ear while talking
    const call = new Call(this.#host(''), { ...originOf(message), direction: 'incoming', id });
    this.#calls.set(id, call);
    this.#announce(call, quiet);
  }

  /**
   * @param {Call} call
   * @param {boolean} quiet
   */
  #announce(call, quiet) {
    if (!quiet) {
      call.ring();
    }
    this.dispatchEvent(new IncomingEvent(call));
  }

  /** Other pages were shown in place of this one. They may have had the session, and have its calls then. */
  #backFromMemory() {
    const { token } = this.#store.read();
    if (!token || token === this.#session.token) {
      this.#connection.probe();
      return;
    }
    this.calls.forEach((call) => call.lost('taken-over'));
    this.#session.begin(token);
    this.#connection.open(true);
  }

  /** @param {ClientState} state */
  #enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}

/**
 * @param {Message} message `incoming`, or an entry of `calls`
 * @returns {Omit<import('./call.js').CallOrigin, 'direction'>}
 */
function originOf({ to, from, number, name, headers, diverted }) {
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');
  return {
    to: text(to),
    from: text(from ?? number),
    name: text(name),
    headers: texts(headers),
    diverted: typeof diverted === 'object' && diverted ? texts(diverted) : undefined,
  };
}

/**
 * @param {unknown} value
 * @returns {Readonly<Record<string, string>>} what of it is text
 */
function texts(value) {
  const fields = typeof value === 'object' && value ? Object.entries(value) : [];
  return Object.freeze(Object.fromEntries(fields.filter(([, field]) => typeof field === 'string')));
}

/**
 * @param {string | undefined} url
 * @returns {string} of the gateway's socket
 */
function gatewayUrl(url) {
  const absolute = new URL(url ?? '/v1/rtc', globalThis.location?.href);
  absolute.protocol = absolute.protocol.replace(/^http/, 'ws');
  if (absolute.pathname === '/') {
    absolute.pathname = '/v1/rtc';
  }
  absolute.hash = ''; // a socket's address may have none
  return absolute.href;
}

/** @param {string} to */
function dialable(to) {
  const number = normaliseNumber(to) ?? to.replace(/[\s().-]/g, '');
  if (!/^\+?[0-9*#]{1,32}$/.test(number)) {
    throw new RingdownError('bad-number');
  }
  return number;
}

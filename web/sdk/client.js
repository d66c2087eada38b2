/** The page's side of a gateway: one socket, any number of calls. */
import { AudioOutput } from './audio.js';
import { Call } from './call.js';
import { Connection } from './connection.js';
import { browserEnvironment } from './environment.js';
import { RingdownError } from './errors.js';
import { FailureEvent, IncomingEvent, TypedEventTarget } from './events.js';
import { normaliseNumber } from './numbers.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 */

/**
 * @typedef {object} ClientOptions
 * @property {string} [url] of the gateway, ws(s) or http(s); by default the page's own origin. Without a path: /v1/rtc
 * @property {string | (() => string | Promise<string>)} [token] to sign in with; a function is asked again at each connection
 * @property {string[]} [numbers] the E.164 numbers this page answers for
 * @property {boolean} [quality] false: the gateway does not tell how calls do, and there is no `quality` event
 * @property {boolean} [tones] false: the SDK plays no ringback, busy, congestion and ringing tones
 * @property {Partial<Environment>} [environment] what to use instead of the browser's own objects
 */

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
 * `closed` before connect(), after close(), and when the gateway refused the sign-in.
 *
 * @typedef {'closed'|'connecting'|'connected'|'reconnecting'} ClientState
 */

/**
 * @typedef {object} ClientEvents
 * @property {Event} statechange
 * @property {Event} connected
 * @property {FailureEvent} disconnected
 * @property {IncomingEvent} incoming
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
  /** @type {AudioOutput} */
  #audio;
  /** @type {ClientState} */
  #state = 'closed';
  /** @type {{resolve: () => void, reject: (error: RingdownError) => void, persistent: boolean} | null} */
  #connecting = null;
  #session = '';
  #resume = '';
  /** @type {string[]} */
  #numbers = [];
  /** @type {RTCIceServer[]} */
  #iceServers = [];
  /** Calls the gateway has an id for. @type {Map<string, Call>} */
  #calls = new Map();
  /** Calls asked for, by the `ref` of their `start`. @type {Map<string, Call>} */
  #starting = new Map();
  /** `ref`s of calls hung up before the gateway gave them an id. @type {Set<string>} */
  #abandoned = new Set();
  /** What the gateway must still hear if it kept the session while the socket was away. @type {Message[]} */
  #owed = [];
  #refs = 0;

  /** @param {ClientOptions} [options] */
  constructor(options = {}) {
    super();
    this.#options = options;
    this.#environment = { ...browserEnvironment(), ...options.environment };
    this.#audio = new AudioOutput(this.#environment);
    this.#connection = new Connection(gatewayUrl(options.url), this.#environment, {
      hello: () => this.#hello(),
      welcomed: (welcome) => this.#onWelcome(welcome),
      received: (message) => this.#onMessage(message),
      lost: (error, retryInMillis) => this.#onLost(error, retryInMillis),
    });
  }

  /** @returns {ClientState} */
  get state() {
    return this.#state;
  }

  /** The numbers the gateway lets this page answer for. */
  get numbers() {
    return [...this.#numbers];
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
   * Signs in. After a loss the client comes back by itself.
   *
   * @param {{persistent?: boolean}} [options] persistent: go on trying when even the first attempt fails
   * @returns {Promise<void>} when signed in
   * @throws {RingdownError} unauthorized, socket-unreachable, token-failed, aborted (by close())
   */
  connect({ persistent = false } = {}) {
    if (this.#state === 'connected') {
      return Promise.resolve();
    }
    this.#connecting?.reject(new RingdownError('aborted'));
    return new Promise((resolve, reject) => {
      this.#connecting = { resolve, reject, persistent };
      this.#enter('connecting');
      this.#connection.open(persistent);
    });
  }

  /** Hangs up all calls, leaves the gateway and lets go of the sound device. */
  close() {
    for (const call of this.calls) {
      call.hangup();
    }
    this.#connection.close();
    this.#audio.close();
    this.#session = this.#resume = '';
    this.#owed = [];
    this.#connecting?.reject(new RingdownError('aborted'));
    this.#connecting = null;
    this.#enter('closed');
  }

  /**
   * Calls a telephone number. Best called from a click: browsers then let it be heard.
   *
   * @param {CallOptions} options
   * @returns {Promise<Call>} when the gateway has been asked; listen to the call for what follows
   * @throws {RingdownError} not-connected, bad-number, microphone-…, insecure-page, no-webrtc, aborted
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
    try {
      if (signal?.aborted) {
        throw new RingdownError('aborted');
      }
      const sdp = await call.prepareOffer(microphone);
      if (call.state === 'ended') {
        throw new RingdownError('aborted');
      }
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
      if (!this.#connection.send(start)) {
        throw new RingdownError('not-connected');
      }
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
   * @param {string} ref
   * @returns {import('./call.js').CallHost}
   */
  #host(ref) {
    return {
      environment: this.#environment,
      audio: this.#audio,
      tones: this.#options.tones !== false,
      send: (message) => this.#connection.send(message),
      tell: (message) => {
        if (!this.#connection.send(message)) {
          this.#owed.push(message);
        }
      },
      iceServers: () => this.#iceServers,
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
  }

  async #hello() {
    const { token, numbers } = this.#options;
    const value = typeof token === 'function' ? await token() : token;
    return {
      ...(value ? { token: value } : {}),
      ...(numbers?.length ? { numbers } : {}),
      ...(this.#resume ? { resume: this.#resume } : {}),
      ...(this.#options.quality === false ? {} : { quality: true }),
    };
  }

  /** @param {Message} welcome */
  #onWelcome(welcome) {
    const session = String(welcome.session ?? '');
    const resumed = session !== '' && session === this.#session;
    this.#session = session;
    this.#resume = typeof welcome.resume === 'string' ? welcome.resume : '';
    this.#numbers = Array.isArray(welcome.numbers) ? welcome.numbers.map(String) : [];
    this.#iceServers = Array.isArray(welcome.iceServers) ? welcome.iceServers : [];
    this.#enter('connected');
    for (const call of this.calls) {
      if (resumed) {
        call.signaling(true);
      } else {
        call.lost('socket-lost');
      }
    }
    const owed = this.#owed;
    this.#owed = [];
    if (resumed) {
      owed.forEach((message) => this.#connection.send(message));
    }
    this.#abandoned.clear();
    this.#connecting?.resolve();
    this.#connecting = null;
    this.dispatchEvent(new Event('connected'));
  }

  /**
   * @param {RingdownError} error
   * @param {number | null} retryInMillis
   */
  #onLost(error, retryInMillis) {
    const wasConnected = this.#state === 'connected';
    const final = retryInMillis === null;
    this.#enter(final ? 'closed' : this.#connecting ? 'connecting' : 'reconnecting');
    for (const call of this.calls) {
      if (final) {
        call.lost('socket-lost');
      } else if (wasConnected) {
        call.signaling(false);
      }
    }
    if (final) {
      this.#connecting?.reject(error);
      this.#connecting = null;
    }
    this.dispatchEvent(new FailureEvent('disconnected', error, retryInMillis));
  }

  /** @param {Message} message */
  #onMessage(message) {
    const ref = typeof message.ref === 'string' ? message.ref : '';
    const id = typeof message.call === 'string' ? message.call : '';
    if (message.type === 'incoming') {
      this.#onIncoming(id, message);
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
    if (starting && id) {
      this.#starting.delete(ref);
      this.#calls.set(id, starting);
    }
    const call = this.#calls.get(id) ?? starting;
    if (call) {
      call.receive(message);
    } else if (message.type === 'error') {
      const text = typeof message.text === 'string' ? message.text : '';
      this.dispatchEvent(new FailureEvent('error', new RingdownError(String(message.code), { text })));
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
    const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');
    const call = new Call(this.#host(''), {
      direction: 'incoming',
      id,
      to: text(message.to),
      from: text(message.from),
      name: text(message.name),
      headers: texts(message.headers),
      diverted: typeof message.diverted === 'object' && message.diverted ? texts(message.diverted) : undefined,
    });
    const quiet = this.#calls.size > 0; // nobody wants a bell in the ear while talking
    this.#calls.set(id, call);
    if (!quiet) {
      call.ring();
    }
    this.dispatchEvent(new IncomingEvent(call));
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

/** The socket to the gateway: signs in, keeps alive, comes back with growing patience after a loss. */
import { RingdownError } from './errors.js';

/** @typedef {import('./environment.js').Environment} Environment */
/** @typedef {Record<string, unknown> & {type: string}} Message */

const SUBPROTOCOL = 'ringdown.v1';
const GREETING_MILLIS = 10_000; // from opening to `welcome`
const QUIET_MILLIS = 15_000; // nothing heard for so long: ask
const PONG_MILLIS = 10_000; // no answer for so long: lost
const FIRST_RETRY_MILLIS = 500;
const LONGEST_RETRY_MILLIS = 10_000;

/** Refusals that another attempt with the same sign-in cannot change. */
const FATAL = new Set(['unauthorized', 'bad-message', 'bad-number', 'unknown-type']);

/**
 * What a connection tells its owner.
 *
 * @typedef {object} ConnectionListener
 * @property {() => Promise<Record<string, unknown>>} hello the fields of the `hello` to sign in with
 * @property {(welcome: Message) => void} welcomed
 * @property {(message: Message) => void} received
 * @property {(error: RingdownError, retryInMillis: number | null) => void} lost an attempt failed or the socket went; null: given up
 */

export class Connection {
  /** @type {string} */
  #url;
  /** @type {Environment} */
  #environment;
  /** @type {ConnectionListener} */
  #listener;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {boolean} */
  #greeted = false;
  /** @type {boolean} */
  #persistent = false;
  /** @type {number} */
  #failures = 0;
  /** Which attempt is the current one; what belongs to an older one is ignored. @type {number} */
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watch;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {() => void} */
  #onOnline = () => this.#networkIsBack();

  /**
   * @param {string} url
   * @param {Environment} environment
   * @param {ConnectionListener} listener
   */
  constructor(url, environment, listener) {
    this.#url = url;
    this.#environment = environment;
    this.#listener = listener;
  }

  /** @param {boolean} persistent whether a failed first attempt is followed by others */
  open(persistent) {
    this.close();
    this.#persistent = persistent;
    this.#failures = 0;
    this.#environment.window?.addEventListener('online', this.#onOnline);
    void this.#connect();
  }

  /** Ends the connection for good; nothing is reported any more. */
  close() {
    this.#environment.window?.removeEventListener('online', this.#onOnline);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#persistent = false;
    this.#drop();
  }


  /**
   * @param {Message} message
   * @returns {boolean} false: not connected, nothing was sent
   */
  send(message) {
    if (!this.#greeted || !this.#socket) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  async #connect() {
    const attempt = ++this.#attempt;
    let hello;
    try {
      hello = await this.#listener.hello();
    } catch (cause) {
      if (attempt === this.#attempt) {
        this.#failed(cause instanceof RingdownError ? cause : new RingdownError('token-failed', { cause }));
      }
      return;
    }
    if (attempt !== this.#attempt) {
      return;
    }
    let socket;
    try {
      socket = new this.#environment.WebSocket(this.#url, [SUBPROTOCOL]);
    } catch (cause) {
      this.#failed(new RingdownError('socket-unreachable', { cause }));
      return;
    }
    this.#socket = socket;
    this.#watch = setTimeout(() => this.#failed(new RingdownError('socket-unreachable')), GREETING_MILLIS);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', ...hello }));
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = () =>
      this.#failed(new RingdownError(this.#greeted ? 'socket-lost' : 'socket-unreachable'));
  }

  /** @param {unknown} data */
  #received(data) {
    const message = parse(data);
    if (!message) {
      return; // not ours; the gateway sends only JSON objects with a type
    }
    this.#stayAlive();
    if (this.#greeted) {
      this.#listener.received(message);
    } else if (message.type === 'welcome') {
      this.#greeted = true;
      this.#failures = 0;
      this.#persistent = true;
      this.#listener.welcomed(message);
    } else if (message.type === 'error') {
      this.#refused(message);
    }
  }

  /** @param {Message} message */
  #refused(message) {
    const code = String(message.code);
    const error = new RingdownError(code, { text: typeof message.text === 'string' ? message.text : '' });
    if (FATAL.has(code)) {
      this.close();
      this.#listener.lost(error, null);
    } else {
      this.#failed(error);
    }
  }

  /** A sign of life: ask again only after a while of silence. */
  #stayAlive() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.send({ type: 'ping' });
      this.#watch = setTimeout(() => this.#failed(new RingdownError('socket-lost')), PONG_MILLIS);
    }, QUIET_MILLIS);
  }

  /** @param {RingdownError} error */
  #failed(error) {
    this.#drop();
    if (!this.#persistent) {
      this.close();
      this.#listener.lost(error, null);
      return;
    }
    const delay = this.#patience();
    this.#failures++;
    this.#retry = setTimeout(() => void this.#connect(), delay);
    this.#listener.lost(error, delay);
  }

  /** @returns {number} doubling to a ceiling, half of it by chance so that not all clients come back at once */
  #patience() {
    const ceiling = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** this.#failures);
    return Math.round(ceiling * (0.5 + this.#environment.random() / 2));
  }

  #networkIsBack() {
    if (this.#retry !== undefined && !this.#socket) {
      clearTimeout(this.#retry);
      this.#retry = undefined;
      void this.#connect();
    }
  }

  #drop() {
    this.#attempt++;
    this.#greeted = false;
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

/**
 * @param {unknown} data
 * @returns {Message | null}
 */
function parse(data) {
  try {
    const message = typeof data === 'string' ? JSON.parse(data) : null;
    return message && typeof message === 'object' && typeof message.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

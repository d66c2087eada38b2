/** The socket to the gateway: signs in, keeps alive, comes back to its session after a loss, with growing patience. */
import { RingdownError } from './errors.js';

/** @typedef {import('./environment.js').Environment} Environment */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {Record<string, unknown> & {type: string}} Message */

const SUBPROTOCOL = 'ringdown.v1';
const GREETING_MILLIS = 10_000; // from opening to `welcome`
const QUIET_MILLIS = 15_000; // nothing heard for so long: ask
const PONG_MILLIS = 10_000; // no answer for so long: lost
const PROBE_MILLIS = 1500; // the same, where there is reason to think that it is
const SIGNED_OUT = 1000; // the code with which we close a socket whose session may end; any other, and the gateway waits for us
const TAKEN_OVER = 4001; // the code with which the gateway closes a socket whose session another page has
const FIRST_RETRY_MILLIS = 500;
const AGAIN_AT_ONCE = 6; // of what was not taken, and as many after each pause: well below the rate that the gateway takes,
const AGAIN_PAUSE_MILLIS = 500; // since a network that stalls lets two or three pauses' worth come together
const LONGEST_RETRY_MILLIS = 10_000;

/** Refusals that another attempt with the same sign-in cannot change. */
const FATAL = new Set(['unauthorized', 'bad-message', 'bad-number', 'unknown-type', 'taken-over']);

/**
 * What a connection tells its owner.
 *
 * @typedef {object} ConnectionListener
 * @property {(signIn: boolean) => Promise<Record<string, unknown>>} hello the fields of the `hello`; `signIn`: the session's own
 *   token is not enough
 * @property {() => boolean} maySignIn whether there may be something to sign in with, other than the session's own token
 * @property {(welcome: Message, resumption: import('./session.js').Resumption) => void} welcomed
 * @property {(error: Message) => void} inUse another page has the session; the hello that follows begins another
 * @property {(message: Message) => void} received
 * @property {(error: RingdownError, retryInMillis: number | null) => void} lost an attempt failed or the socket went; null: given up
 */

export class Connection {
  /** @type {string} */
  #url;
  /** @type {Environment} */
  #environment;
  /** @type {Session} */
  #session;
  /** @type {ConnectionListener} */
  #listener;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {boolean} */
  #greeted = false;
  /** @type {boolean} */
  #persistent = false;
  /** Whether the next hello has to sign in, though there is a session: the gateway knows that no more. */
  #signIn = false;
  /** Whether the hello that was sent last had no token but the session's. */
  #bySession = false;
  /** @type {number} */
  #failures = 0;
  /** Which attempt is the current one; what belongs to an older one is ignored. @type {number} */
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watch;
  #probing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** What is still to be said again, and what was said behind it. @type {Message[]} */
  #waiting = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /**
   * @param {string} url
   * @param {Environment} environment
   * @param {Session} session
   * @param {ConnectionListener} listener
   */
  constructor(url, environment, session, listener) {
    this.#url = url;
    this.#environment = environment;
    this.#session = session;
    this.#listener = listener;
  }

  /** @param {boolean} persistent whether a failed first attempt is followed by others */
  open(persistent) {
    this.#halt();
    this.#persistent = persistent;
    this.#signIn = false;
    this.#failures = 0;
    void this.#connect();
  }

  /** Ends the connection for good, and the session with it; nothing is reported any more. */
  close() {
    this.#halt(SIGNED_OUT);
  }

  /** @param {number} [code] to close the socket with */
  #halt(code) {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#persistent = false;
    this.#drop(code);
  }

  /** Whether the gateway has welcomed us on this socket, and the socket is not known to be lost. */
  get greeted() {
    return this.#greeted;
  }

  /**
   * @param {Message} message sent again when the socket is lost before the gateway has taken it
   * @returns {boolean} false: not connected, nothing was sent
   */
  send(message) {
    if (!this.#greeted) {
      return false;
    }
    const numbered = this.#session.number(message);
    if (this.#waiting.length > 0) {
      this.#waiting.push(numbered); // the gateway takes no number below its last
    } else {
      this.#write(numbered);
      this.#pingIfDue();
    }
    return true;
  }

  /**
   * Sends now, or when the session is resumed.
   *
   * @param {Message} message
   */
  tell(message) {
    if (!this.send(message)) {
      this.#session.number(message);
    }
  }

  /** There is reason to think that the socket is dead, if there is one: one that does not answer soon is replaced. */
  doubt() {
    if (this.#greeted) {
      this.probe();
    }
  }

  /** There is reason to think that the socket is dead: one that does not answer soon is replaced, and a wait for another is over. */
  probe() {
    if (this.#probing) {
      return;
    }
    if (this.#greeted) {
      this.#probing = true;
      this.#ping();
      clearTimeout(this.#watch);
      this.#watch = setTimeout(() => this.#failed(new RingdownError('socket-lost'), true), PROBE_MILLIS);
    } else if (this.#retry !== undefined) {
      clearTimeout(this.#retry);
      this.#retry = undefined;
      void this.#connect();
    } else if (this.#persistent) {
      this.#drop(); // begun on the network that was
      void this.#connect();
    }
  }

  /** @param {Message} message */
  #write(message) {
    this.#socket?.send(JSON.stringify(message));
  }

  #pingIfDue() {
    if (this.#waiting.length === 0 && this.#session.pingDue) {
      this.#ping();
    }
  }

  /** The pong says that all before has come, so that it must not be asked for before what waits. */
  #ping() {
    this.#write(this.#waiting.length > 0 ? { type: 'ping' } : this.#session.ping());
  }

  #sayAgain() {
    this.#waiting.splice(0, AGAIN_AT_ONCE).forEach((message) => this.#write(message));
    if (this.#waiting.length > 0) {
      this.#pause = setTimeout(() => this.#sayAgain(), AGAIN_PAUSE_MILLIS);
    }
  }

  async #connect() {
    const hello = await this.#hello(++this.#attempt);
    if (!hello) {
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
    socket.onclose = ({ code }) => this.#closed(code);
  }

  /** @param {unknown} data */
  #received(data) {
    const message = parse(data);
    if (!message) {
      return; // not ours; the gateway sends only JSON objects with a type
    }
    this.#stayAlive();
    if (this.#greeted) {
      this.#greetedReceived(message);
    } else if (message.type === 'welcome') {
      if (message.resumed !== true && this.#signsIn(SIGNED_OUT)) {
        return;
      }
      this.#greeted = true;
      this.#signIn = false;
      this.#failures = 0;
      this.#persistent = true;
      const resumption = this.#session.welcomed(message);
      this.#waiting = [...resumption.again];
      this.#sayAgain();
      this.#listener.welcomed(message, resumption);
    } else if (message.type === 'error') {
      this.#refused(message);
    }
  }

  /** @param {Message} message */
  #greetedReceived(message) {
    if (message.type === 'taken-over') {
      this.#closed(TAKEN_OVER);
    } else if (this.#session.take(message)) {
      this.#listener.received(this.#session.inward(message));
      this.#pingIfDue();
    }
  }

  /** @param {number} code */
  #closed(code) {
    if (code === TAKEN_OVER) {
      this.#halt();
      this.#listener.lost(new RingdownError('taken-over'), null);
    } else {
      this.#failed(new RingdownError(this.#greeted ? 'socket-lost' : 'socket-unreachable'));
    }
  }

  /** @param {Message} message */
  #refused(message) {
    const code = String(message.code);
    if (code === 'session-in-use') {
      this.#listener.inUse(message);
      void this.#greetAgain();
      return;
    }
    if (code === 'unauthorized' && this.#signsIn()) {
      return;
    }
    const error = new RingdownError(code, { text: typeof message.text === 'string' ? message.text : '' });
    if (FATAL.has(code)) {
      this.close();
      this.#listener.lost(error, null);
    } else {
      this.#failed(error);
    }
  }

  /**
   * A hello by the session's own token is in vain where the gateway knows the session no more: signs in anew, once.
   *
   * @param {number} [code] to close the socket with
   * @returns {boolean} whether it does
   */
  #signsIn(code) {
    if (!this.#bySession || !this.#listener.maySignIn()) {
      return false;
    }
    this.#signIn = true;
    this.#drop(code);
    void this.#connect();
    return true;
  }

  /** The socket waits for another hello. */
  async #greetAgain() {
    const attempt = this.#attempt;
    const hello = await this.#hello(attempt);
    if (hello) {
      this.#write({ type: 'hello', ...hello });
    }
  }

  /**
   * @param {number} attempt
   * @returns {Promise<Record<string, unknown> | null>} null: there is none, or the attempt is no longer the current one
   */
  async #hello(attempt) {
    try {
      const signIn = this.#signIn;
      const hello = await this.#listener.hello(signIn);
      if (attempt !== this.#attempt) {
        return null;
      }
      this.#bySession = !signIn && hello.resume !== undefined;
      return hello;
    } catch (cause) {
      if (attempt === this.#attempt) {
        this.#failed(cause instanceof RingdownError ? cause : new RingdownError('token-failed', { cause }));
      }
      return null;
    }
  }

  /** A sign of life: ask again only after a while of silence. */
  #stayAlive() {
    this.#probing = false;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      if (this.#greeted) {
        this.#ping();
      }
      this.#watch = setTimeout(() => this.#failed(new RingdownError('socket-lost')), PONG_MILLIS);
    }, QUIET_MILLIS);
  }

  /**
   * @param {RingdownError} error
   * @param {boolean} [atOnce] whether the first other attempt need not wait
   */
  #failed(error, atOnce = false) {
    this.#drop();
    if (!this.#persistent) {
      this.close();
      this.#listener.lost(error, null);
      return;
    }
    const delay = atOnce ? 0 : this.#patience();
    this.#failures++;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#connect();
    }, delay);
    this.#listener.lost(error, delay);
  }

  /** @returns {number} doubling to a ceiling, half of it by chance so that not all clients come back at once */
  #patience() {
    const ceiling = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** this.#failures);
    return Math.round(ceiling * (0.5 + this.#environment.random() / 2));
  }

  /** @param {number} [code] to close the socket with */
  #drop(code) {
    this.#attempt++;
    this.#greeted = this.#probing = false;
    this.#waiting = []; // the session keeps them
    clearTimeout(this.#watch);
    clearTimeout(this.#pause);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
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

/** The tokens that a client signs in with and calls by: where they come from, and whether the one the gateway has is good for a call. */
import { RingdownError } from './errors.js';
import { Requests } from './requests.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./client.js').ClientOptions} ClientOptions
 */

const FETCH_MILLIS = 10_000;
const MARGIN_MILLIS = 5000; // a token must not run out on its way
const ANSWER_MILLIS = 10_000; // the gateway says at once whether it takes a token, or never
const URGENT_MILLIS = 2000;

export class Authorization {
  /** @type {ClientOptions} */
  #options;
  /** @type {Environment} */
  #environment;
  /** @type {(message: Message) => boolean} */
  #send;
  /** @type {(token: string) => Promise<void>} */
  #signIn;
  /** When the gateway's token runs out, by our clock. */
  #expiresAt = Infinity;
  #once = false;
  #used = false;
  /** The number that it was fetched for at sign-in, until a call has been made by it. @type {string | undefined} */
  #intended;
  /** @type {Requests<void>} */
  #requests = new Requests();
  /** The end of the requests so far: a call is asked for before another's token takes the place of its own. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {ClientOptions} options
   * @param {Environment} environment
   * @param {(message: Message) => boolean} send false: not connected
   * @param {(token: string) => Promise<void>} signIn begins another session, by this token; throws `unauthorized` where calls would
   *   be lost
   */
  constructor(options, environment, send, signIn) {
    this.#options = options;
    this.#environment = environment;
    this.#send = send;
    this.#signIn = signIn;
  }

  /** Whether there is a token, or a way to one. */
  get possible() {
    return Boolean(this.#options.token || this.#options.tokenUrl);
  }

  /** Whether there is a way to another one. */
  get renewable() {
    return typeof this.#options.token === 'function' || Boolean(this.#options.tokenUrl);
  }

  /**
   * A token to sign in with.
   *
   * @param {string} [to] the number that will be called first
   * @returns {Promise<string>} empty: there is none to be had
   * @throws {RingdownError} token-failed
   */
  async fetch(to) {
    const { token, tokenUrl } = this.#options;
    if (!token && tokenUrl) {
      return this.#ask(tokenUrl, to);
    }
    try {
      return (typeof token === 'function' ? await token(to ? { to } : {}) : token) ?? '';
    } catch (cause) {
      throw cause instanceof RingdownError ? cause : new RingdownError('token-failed', { cause });
    }
  }

  /**
   * @param {Message} welcome
   * @param {boolean} resumed whether the gateway has the token that it had before, and not the one of this sign-in
   * @param {string} [to] the number that it was fetched for
   */
  welcomed(welcome, resumed, to) {
    this.#told(welcome);
    this.#used &&= resumed;
    this.#intended = resumed ? undefined : to;
  }

  /** What the gateway says of the token that it has now. @param {Message} message */
  #told({ tokenExpiresIn, tokenOnce }) {
    this.#expiresAt = typeof tokenExpiresIn === 'number' ? this.#environment.now() + tokenExpiresIn - MARGIN_MILLIS : Infinity;
    this.#once = tokenOnce === true;
  }

  /**
   * Makes a request that takes a token: now, where the one that the gateway has is good for it, else as soon as it has another.
   *
   * @template T
   * @param {string} to the number to be called
   * @param {() => T} request
   * @param {boolean} [refused] whether the gateway has refused the token that it has
   * @returns {Promise<Awaited<T>>} what the request gives
   * @throws {RingdownError} token-failed, token-expired, unauthorized, not-connected, or what the request throws
   */
  async use(to, request, refused = false) {
    if (refused && !this.renewable) {
      throw new RingdownError('token-expired');
    }
    if (!this.renewable || (this.#good(to) && !refused)) {
      return await this.#spend(request).result;
    }
    /** @type {{result: T} | undefined} */
    let spent;
    const spend = () => (spent ??= this.#spend(request));
    const replaced = this.#replace(to, spend);
    if (mayBeForHelp(to)) {
      await this.#soon(replaced);
      return await spend().result;
    }
    return await (await replaced).result;
  }

  /**
   * @template T
   * @param {string} to
   * @param {() => T} then what the token is for, before another's takes its place
   * @returns {Promise<T>}
   */
  async #replace(to, then) {
    const token = await this.fetch(to);
    const turn = this.#turn.then(async () => {
      await this.#authorize(token, to);
      return then();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /**
   * The gateway connects a call for help without a good token: a back end that refuses, or is down or slow, does not hold it up. What
   * the token that there is opens, the gateway judges.
   *
   * @param {Promise<unknown>} replaced
   */
  async #soon(replaced) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, URGENT_MILLIS);
    });
    await Promise.race([replaced, late]).catch(() => {});
    clearTimeout(timer);
  }

  /** @param {string} to */
  #good(to) {
    if (this.#requests.some || (this.#options.tokenPer === 'call' && to !== this.#intended)) {
      return false; // or another's takes its place before it is used
    }
    return this.#environment.now() < this.#expiresAt && !(this.#once && this.#used);
  }

  /**
   * @template T
   * @param {() => T} request
   * @returns {{result: T}} apart, so that the next turn does not wait for what it promises
   */
  #spend(request) {
    this.#used = true;
    this.#intended = undefined;
    return { result: request() };
  }

  /**
   * @param {string} token
   * @param {string} to
   * @returns {Promise<void>}
   */
  async #authorize(token, to) {
    const asked = this.#requests.ask('token', (ref) => {
      if (!this.#send({ type: 'authorize', ref, token })) {
        throw new RingdownError('not-connected');
      }
      this.#intended = undefined;
    });
    const timer = setTimeout(() => this.giveUp(), ANSWER_MILLIS); // there is one at a time
    return asked.finally(() => clearTimeout(timer)).catch((error) => {
      if (error.code !== 'unauthorized' || mayBeForHelp(to)) {
        throw error;
      }
      return this.#signIn(token); // of another subject, maybe: the visitor's cookie has run out, or who uses the page has changed
    });
  }

  /** @param {Message} message `authorized` */
  receive(message) {
    this.#told(message);
    this.#requests.take(message.ref)?.resolve();
  }

  /**
   * @param {unknown} ref
   * @param {RingdownError} error
   * @returns {boolean} whether it was about an `authorize`
   */
  refuse(ref, error) {
    const waiting = this.#requests.take(ref);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  /** Nothing more is heard of what was asked. */
  giveUp() {
    this.#requests.giveUp(new RingdownError('not-connected'));
  }

  /**
   * Asks the site's own back end, as its page: with its cookies, and only there.
   *
   * @param {string} url
   * @param {string} [to]
   * @returns {Promise<string>}
   */
  async #ask(url, to) {
    let response;
    let answer;
    try {
      response = await this.#environment.fetch(url, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        body: JSON.stringify({ to: to || undefined }),
        signal: globalThis.AbortSignal?.timeout?.(FETCH_MILLIS), // Safari before 16 waits as long as its network does
      });
      answer = response.ok ? await response.json() : undefined;
    } catch (cause) {
      throw new RingdownError('token-failed', { cause });
    }
    const { status } = response;
    if (typeof answer?.token !== 'string') {
      const retryable = status === 408 || status === 429 || status >= 500;
      throw new RingdownError('token-failed', { text: `No token: the back end answered ${status}.`, retryable });
    }
    return answer.token;
  }
}

/** What is dialled without `+` may be an emergency number. @param {string} to */
const mayBeForHelp = (to) => !to.startsWith('+');

/**
 * What of a session outlives its socket: the token to come back with, the numbers of messages both ways, and the messages that the
 * gateway may not have taken yet (docs/protocol.md, "Coming back"). Pure: no socket, no timer, no storage.
 */

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {{resumed: boolean, known: boolean, whole: boolean, again: Message[]}} Resumption */

const KEPT = 256; // messages; more than the gateway takes in the time in which a dead socket is found out
const ASK_EVERY = 64; // messages, after which both ends are told how far the other has come

export class Session {
  /** Random, for as long as this page is loaded: the gateway lets it replace its own socket. */
  #page;
  #token = '';
  /** The number of the last message of the gateway; null: this page knows nothing of the session but its token. @type {number | null} */
  #taken = null;
  /** What the gateway has been told of that. */
  #acknowledged = 0;
  /** The number of the last message of ours. */
  #sent = 0;
  /** Those that the gateway has not been heard to have taken, in order. @type {(Message & {seq: number})[]} */
  #kept = [];
  #asked = 0;

  /** @param {() => number} random 0 ≤ n < 1 */
  constructor(random) {
    this.#page = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(16)).join('-');
  }

  /** To come back with; a secret. Empty: there is no session. */
  get token() {
    return this.#token;
  }

  /** Forgets it all; the next hello begins a session, or resumes that of this token as a page that has just been loaded. */
  begin(token = '') {
    this.#token = token;
    this.#taken = null;
    this.#acknowledged = this.#sent = this.#asked = 0;
    this.#kept = [];
  }

  /**
   * The page has lost its calls, not the session: the next hello resumes it as a page that has just been loaded. What was hung up
   * stays so.
   */
  beginAgain() {
    const endings = this.#kept.filter(isEnding);
    this.begin(this.#token);
    this.#kept = endings;
  }

  /** The fields of a hello that say who comes back, and how much it knows. */
  hello() {
    return {
      page: this.#page,
      ...(this.#token ? { resume: this.#token } : {}),
      ...(this.#token && this.#taken !== null ? { received: this.#taken } : {}),
    };
  }

  /**
   * @param {Message} welcome
   * @returns {Resumption} `known`: this page had the session before; `whole`: it misses nothing of what was told meanwhile; `again`:
   *   what the gateway has not taken
   */
  welcomed(welcome) {
    const resumed = welcome.resumed === true;
    const known = resumed && this.#taken !== null;
    const token = typeof welcome.resume === 'string' ? welcome.resume : '';
    if (known) {
      this.#token = token;
      this.#delivered(numberIn(welcome.taken));
    } else {
      const endings = resumed ? this.#kept : [];
      this.begin(token);
      this.#taken = 0;
      this.#sent = resumed ? numberIn(welcome.taken) : 0;
      endings.forEach((message) => this.number(message));
    }
    return { resumed, known, whole: welcome.gap !== true, again: this.#kept.map((message) => this.#outward(message)) };
  }

  /**
   * Gives a message its number, and keeps it until the gateway has taken it.
   *
   * @param {Message} message
   * @returns {Message}
   */
  number(message) {
    const numbered = { ...message, seq: ++this.#sent };
    this.#kept.push(numbered);
    if (this.#kept.length > KEPT) {
      this.#kept.shift();
    }
    return this.#outward(numbered);
  }

  /** Asks for a sign of life; what answers it says that all before has been taken. @returns {Message} */
  ping() {
    this.#asked = this.#sent;
    return this.#withAck({ type: 'ping', ref: `${this.#sent}` });
  }

  /** Whether so much has gone either way that it is time for a ping, though the socket is not silent. */
  get pingDue() {
    return (this.#taken ?? 0) - this.#acknowledged >= ASK_EVERY || this.#sent - this.#asked >= ASK_EVERY;
  }

  /**
   * @param {Message} message of the gateway
   * @returns {boolean} whether it is new
   */
  take(message) {
    if (message.type === 'pong' && typeof message.ref === 'string') {
      this.#delivered(Number(message.ref) || 0);
    }
    if (typeof message.seq !== 'number') {
      return true;
    }
    if (message.seq <= (this.#taken ?? 0)) {
      return false;
    }
    this.#taken = message.seq;
    return true;
  }

  /** Whether one of the kept messages ends this call. @param {string} call */
  ends(call) {
    return this.#kept.some((message) => message.call === call && isEnding(message));
  }

  /** Whether a message with these fields is still to be taken by the gateway. @param {Message} like */
  awaits(like) {
    return this.#kept.some((message) => Object.entries(like).every(([field, value]) => message[field] === value));
  }

  /** @param {number} seq */
  #delivered(seq) {
    this.#kept = this.#kept.filter((message) => message.seq > seq);
  }

  /**
   * @param {Message} message that may answer one of ours
   * @returns {Message} with the `ref` that ours was given; that of another page stays as it is, and means nothing to this one
   */
  inward(message) {
    const own = `${this.#page}.`;
    return typeof message.ref === 'string' && message.ref.startsWith(own) ? { ...message, ref: message.ref.slice(own.length) } : message;
  }

  /**
   * The `ref`s of each page begin at 1, and a session has one page after another: they bear the page's mark.
   *
   * @param {Message} message
   * @returns {Message}
   */
  #outward(message) {
    return this.#withAck(typeof message.ref === 'string' ? { ...message, ref: `${this.#page}.${message.ref}` } : message);
  }

  /**
   * @param {Message} message
   * @returns {Message}
   */
  #withAck(message) {
    this.#acknowledged = this.#taken ?? 0;
    return this.#acknowledged > 0 ? { ...message, ack: this.#acknowledged } : message;
  }
}

/** @param {Message} message */
const isEnding = ({ type }) => type === 'hangup' || type === 'reject';

/** @param {unknown} value */
const numberIn = (value) => (typeof value === 'number' ? value : 0);

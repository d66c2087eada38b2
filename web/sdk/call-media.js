/**
 * The sound of one call, over however many connections it takes: a page that is loaded again and a gateway that has lost the old
 * one need another, a network that has changed needs another path.
 */
import { RingdownError } from './errors.js';
import { Leg } from './leg.js';
import { openMicrophone, release } from './microphone.js';

/**
 * @typedef {import('./call.js').CallHost} CallHost
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./microphone.js').Microphone} Microphone
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 * @typedef {import('./stats.js').Path} Path
 */

/**
 * What it asks of its call, and tells it.
 *
 * @typedef {object} MediaOwner
 * @property {() => string | null} id of the call: an update can be sent; null: there is none yet, or not any more
 * @property {() => boolean} over whether the call has ended
 * @property {() => boolean} held whether no sound is no surprise
 * @property {() => boolean} still whether the other side is to hear silence
 * @property {(seen: import('./leg.js').Looked) => void} looked how the connection does
 * @property {() => void} replaced another connection takes the place of the one before
 * @property {(type: 'mediainterrupted'|'mediarestored'|'playbackblocked'|'microphonelost'|'microphonechange') => void} told
 * @property {(path: Path, before: Path) => void} rerouted the sound goes by another kind of path
 * @property {(error: RingdownError) => void} failed there is no sound, and the call goes on
 */

export class CallMedia {
  /** @type {CallHost} */
  #host;
  /** @type {MediaOwner} */
  #owner;
  /** @type {Leg | null} */
  #leg = null;
  /** @type {MicrophoneChoice | null} null: what this tab used last */
  #choice = null;
  /** Whether the gateway has still to be offered a path in place of one that is broken or may be. */
  #pathWanted = false;
  #interrupted = false;
  /** What the sound went by when last it was known. @type {Path} */
  #path = '';
  #updates = 0;
  /** Which new connection is the latest that was wished for; nothing more is made or told of an older one. */
  #wish = 0;
  /** Whether that one waits for its microphone. */
  #opening = false;
  /** Which microphone is the latest that was chosen for the connection there is. */
  #changes = 0;

  /**
   * @param {CallHost} host
   * @param {MediaOwner} owner
   */
  constructor(host, owner) {
    this.#host = host;
    this.#owner = owner;
  }

  /** Whether a microphone was chosen, and not silence. */
  get wanted() {
    return this.#choice !== false;
  }

  /** The connection there is; null: none. */
  get leg() {
    return this.#leg;
  }

  /**
   * Opens the microphone and makes the offer of a new connection.
   *
   * @param {MicrophoneChoice} choice
   * @param {string} ref of the message that carries it
   * @returns {Promise<string>} SDP
   */
  offer(choice, ref) {
    return this.#offer(++this.#wish, choice, ref);
  }

  /**
   * A new connection for a call under way, with the microphone opened anew.
   *
   * @param {MicrophoneChoice} [choice] by default as before
   */
  async restore(choice) {
    await this.#offerAnew(++this.#wish, null, choice);
  }

  /**
   * A new connection for a call under way, whatever becomes of the sound: a failure is told, and the call goes on. One that is being
   * made already is new enough.
   */
  async renew() {
    if (this.#opening || this.#leg?.fresh) {
      return;
    }
    const wish = ++this.#wish;
    try {
      await this.#offerAnew(wish, this.#leg?.takeMicrophone() ?? null);
    } catch (error) {
      if (wish === this.#wish && !this.#owner.over()) {
        this.#owner.failed(error instanceof RingdownError ? error : new RingdownError('internal', { cause: error }));
      }
    }
  }

  /**
   * @param {number} wish
   * @param {Microphone | null} microphone that is open; null: to be opened
   * @param {MicrophoneChoice} [choice]
   */
  async #offerAnew(wish, microphone, choice = this.#choice ?? this.#host.microphone()) {
    this.close(); // before the microphone is asked for: it may be in use
    const ref = this.#nextUpdate();
    const sdp = await (microphone ? this.#open(microphone).offer(ref) : this.#offer(wish, choice, ref));
    if (wish === this.#wish) {
      this.#update(ref, sdp);
    }
  }

  /**
   * @param {number} wish
   * @param {MicrophoneChoice} choice
   * @param {string} ref
   * @returns {Promise<string>} SDP
   */
  async #offer(wish, choice, ref) {
    if (!this.#host.environment.RTCPeerConnection) {
      throw new RingdownError('no-webrtc');
    }
    const microphone = await this.#openMicrophone(wish, choice);
    this.#choice = choice;
    this.#host.remember(choice, microphone);
    return this.#open(microphone).offer(ref);
  }

  /**
   * @param {number} wish
   * @param {MicrophoneChoice} choice
   * @returns {Promise<Microphone>}
   */
  async #openMicrophone(wish, choice) {
    this.#opening = true;
    try {
      const microphone = await openMicrophone(choice, this.#host.environment, this.#host.audio);
      if (wish !== this.#wish || this.#owner.over()) {
        release(microphone);
        throw new RingdownError('aborted');
      }
      return microphone;
    } finally {
      if (wish === this.#wish) {
        this.#opening = false;
      }
    }
  }

  /**
   * Another microphone for the connection there is.
   *
   * @param {MicrophoneChoice} choice
   * @throws {RingdownError} wrong-state, aborted (by a later choice), or a microphone's: the one before is used on
   */
  async setMicrophone(choice) {
    if (!this.#leg) {
      throw new RingdownError('wrong-state');
    }
    const change = ++this.#changes;
    const microphone = await openMicrophone(choice, this.#host.environment, this.#host.audio);
    const leg = this.#leg;
    if (!leg || change !== this.#changes) {
      release(microphone);
      throw new RingdownError(leg ? 'aborted' : 'wrong-state');
    }
    await leg.replaceMicrophone(microphone);
    this.#choice = choice;
    this.#host.remember(choice, microphone);
    this.hush();
    this.#owner.told('microphonechange');
  }

  /** The default microphone takes the place of one that was taken away. */
  async #replaceLost() {
    this.#owner.told('microphonelost');
    try {
      await this.setMicrophone(true);
    } catch (error) {
      const { code } = /** @type {RingdownError} */ (error);
      if (code !== 'aborted' && !this.#owner.over()) {
        this.#owner.failed(/** @type {RingdownError} */ (error));
      }
    }
  }

  /** Offers another path for the connection there is: now, or as soon as the gateway can be asked. */
  async renewPath() {
    const leg = this.#leg;
    if (!leg || !this.#owner.id()) {
      return;
    }
    this.#pathWanted = true;
    if (!this.#host.connected()) {
      return;
    }
    const ref = this.#nextUpdate();
    const sdp = await leg.offerAnotherPath(ref);
    if (sdp !== null && leg === this.#leg) {
      this.#pathWanted = false;
      this.#update(ref, sdp);
    }
  }

  /**
   * The gateway's answer to one of the offers.
   *
   * @param {unknown} ref
   * @param {string} sdp
   * @throws {Error} the browser cannot use it
   */
  async answer(ref, sdp) {
    const leg = this.#leg;
    try {
      await leg?.answer(ref, sdp);
    } catch (error) {
      if (leg === this.#leg) {
        throw error;
      }
      return; // closed meanwhile
    }
    if (this.#pathWanted && leg === this.#leg) {
      await this.renewPath(); // wished while that answer was on its way
    }
  }

  /** The gateway would rather hear another codec. @param {string} sdp */
  async prefer(sdp) {
    await this.#leg?.prefer(sdp);
    if (this.#pathWanted) {
      await this.renewPath(); // wished while that was under way
    }
  }

  /**
   * The socket is back with the same session.
   *
   * @param {boolean} whole whether no answer can be missing
   * @param {boolean} wanted whether the gateway has lost the connection
   */
  async signalingRestored(whole, wanted) {
    if (wanted) {
      await this.renew();
      return;
    }
    const leg = this.#leg;
    if (!whole && leg?.waits) {
      this.#pathWanted = true;
      await leg.withdraw();
    }
    if (this.#pathWanted || leg?.broken) {
      await this.renewPath();
    }
  }

  /** What the other side hears is as mute and hold have it. */
  hush() {
    if (this.#leg) {
      this.#leg.still = this.#owner.still();
    }
  }

  close() {
    if (this.#leg) {
      this.#owner.replaced();
      this.#leg.close();
      this.#leg = null;
    }
  }

  /**
   * @param {Microphone} microphone
   * @returns {Leg}
   */
  #open(microphone) {
    this.close();
    const leg = new Leg(this.#host, microphone, {
      held: () => this.#owner.held(),
      path: (broken) => this.#onPath(broken),
      renew: () => void this.renewPath(),
      playbackBlocked: () => this.#owner.told('playbackblocked'),
      microphoneLost: () => void this.#replaceLost(),
      looked: (seen) => {
        this.#goesBy(seen.path);
        this.#owner.looked(seen);
      },
    });
    this.#leg = leg;
    this.#pathWanted = false;
    this.hush();
    return leg;
  }

  /**
   * @param {string} ref
   * @param {string} sdp
   */
  #update(ref, sdp) {
    const call = this.#owner.id();
    if (call) {
      this.#host.tell({ type: 'update', call, ref, sdp });
    }
  }

  #nextUpdate() {
    return `update-${++this.#updates}`;
  }

  /** @param {boolean} broken */
  #onPath(broken) {
    if (this.#interrupted !== broken) {
      this.#interrupted = broken;
      if (broken) {
        this.#host.doubt(); // the network that took the path may have taken the socket
      }
      this.#owner.told(broken ? 'mediainterrupted' : 'mediarestored');
    }
  }

  /** @param {Path} path */
  #goesBy(path) {
    const before = this.#path;
    this.#path = path || before;
    if (before && this.#path !== before) {
      this.#owner.rerouted(path, before);
    }
  }
}

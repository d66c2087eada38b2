/**
 * The browser's side of one call: the microphone, the connection to the gateway, and what it brings. It lives from one offer of a
 * new connection to the next; a call that outlives its page, or whose gateway has lost it, gets another.
 */
import { agreesToTelephoneEvent } from './digits.js';
import { RingdownError } from './errors.js';
import { release } from './microphone.js';
import { PathWatch, SAMPLE_MILLIS, sampleOf } from './path-watch.js';
import { levelsOf, remoteReception, summarise } from './stats.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./audio.js').AudioOutput} AudioOutput
 * @typedef {import('./audio.js').Meter} Meter
 * @typedef {import('./microphone.js').Microphone} Microphone
 * @typedef {import('./stats.js').CallStats} CallStats
 */

/**
 * @typedef {object} LegHost
 * @property {Environment} environment
 * @property {AudioOutput} audio
 * @property {() => RTCIceServer[]} iceServers
 * @property {boolean} [quiet] whether the other side is not played
 */

/**
 * What a leg tells its call.
 *
 * @typedef {object} LegListener
 * @property {() => boolean} held whether no sound is no surprise
 * @property {(broken: boolean) => void} path it broke, or is there: for the first time or again
 * @property {() => void} renew a new path should be tried
 * @property {() => void} playbackBlocked
 * @property {() => void} microphoneLost its device was taken away
 * @property {(seen: Looked) => void} looked how it does, twice a second once there is a path
 */

/**
 * What the browser counts, and how its microphone does. `reportedAt`: when the gateway has told `remoteLost` and `remoteJitterMillis`
 * of what it gets; 0: it has not.
 *
 * @typedef {CallStats & {level: number | null, live: boolean, reportedAt: number, remoteLost: number, remoteJitterMillis: number}} Looked
 */

const EAR_SAMPLES = 16_384; // a third of a second: from one look to the next a word is not missed
const ANSWER_MILLIS = 10_000; // the gateway answers at once, or never

export class Leg {
  #host;
  #listener;
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {RTCPeerConnection} */
  #peer;
  /** @type {RTCRtpSender} */
  #sender;
  /** @type {MediaStream | null} */
  #remote = null;
  /** @type {HTMLAudioElement | null} */
  #player = null;
  #telephoneEvent = false;
  /** Names the offer that waits for the gateway's answer; null: none does. @type {string | null} */
  #asked = null;
  #askedAt = 0;
  #closed = false;
  #watch = new PathWatch();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watching;
  /** null: there has been no path yet. @type {boolean | null} */
  #broken = null;
  /** @type {{own: Meter | null, far: Meter | null}} */
  #meters = { own: null, far: null };
  /** The microphone once more: heard here also while the other side hears silence. @type {MediaStreamTrack | null} */
  #ear = null;
  /** @type {Meter | null} */
  #earMeter = null;
  /** The last levels that getStats() told, and whether it is being asked. */
  #reported = { own: 0, far: 0 };
  #asking = false;
  /** @type {() => void} */
  #onUnlocked = () => this.#play();

  /**
   * @param {LegHost} host
   * @param {Microphone} microphone closed with the leg, unless it is taken out before
   * @param {LegListener} listener
   * @throws {Error} the browser makes no connection, and the microphone is closed
   */
  constructor(host, microphone, listener) {
    const { RTCPeerConnection } = host.environment;
    try {
      if (!RTCPeerConnection) {
        throw new RingdownError('no-webrtc');
      }
      this.#peer = new RTCPeerConnection({ iceServers: host.iceServers(), bundlePolicy: 'max-bundle' });
    } catch (cause) {
      release(microphone); // there will be no leg to close
      throw cause;
    }
    this.#host = host;
    this.#listener = listener;
    const stream = this.#adopt(microphone);
    this.#peer.addEventListener('track', (event) => this.#onTrack(event));
    this.#peer.addEventListener('connectionstatechange', () => this.#judge());
    this.#peer.addEventListener('iceconnectionstatechange', () => this.#onIce());
    this.#sender = this.#peer.addTransceiver(microphone.track, { direction: 'sendrecv', streams: [stream] }).sender;
  }

  /**
   * @param {Microphone} microphone
   * @returns {MediaStream} of it
   */
  #adopt(microphone) {
    const { environment, audio } = this.#host;
    const Stream = /** @type {typeof MediaStream} */ (environment.MediaStream);
    const stream = new Stream([microphone.track]);
    this.#deafen();
    this.#microphone = microphone;
    this.#meters.own = audio.meter(stream);
    this.#ear = microphone.track.clone();
    this.#ear.enabled = true;
    this.#earMeter = audio.meter(new Stream([this.#ear]), EAR_SAMPLES);
    microphone.track.addEventListener('ended', () => {
      if (this.#microphone === microphone && !this.#closed) {
        this.#listener.microphoneLost();
      }
    });
    return stream;
  }

  /** The microphone is not listened to any more. */
  #deafen() {
    this.#meters.own?.close();
    this.#earMeter?.close();
    this.#ear?.stop();
  }

  /**
   * Sends another microphone from now on. Nothing is negotiated anew.
   *
   * @param {Microphone} microphone
   */
  async replaceMicrophone(microphone) {
    await this.#sender.replaceTrack(microphone.track);
    const before = this.#microphone;
    this.#adopt(microphone);
    if (before) {
      release(before);
    }
  }

  /** What is sent; null: nothing. */
  get track() {
    return this.#microphone?.track ?? null;
  }

  /** What the other side says; null before there is any. */
  get remote() {
    return this.#remote;
  }

  /** Whether digits can go by RTP; null before the gateway's answer. */
  get telephoneEvent() {
    return this.#peer.remoteDescription ? this.#telephoneEvent : null;
  }

  /** @returns {RTCDTMFSender | null} null: digits go by message */
  get dtmf() {
    const dtmf = this.#sender.dtmf;
    return this.#telephoneEvent && dtmf && dtmf.canInsertDTMF !== false ? dtmf : null;
  }

  /** Whether an offer of ours waits for the gateway's answer. */
  get waits() {
    return this.#asked !== null;
  }

  /** Whether the answer to its first offer is still on its way: it could not be newer. */
  get fresh() {
    return this.waits && !this.#peer.remoteDescription && this.#host.environment.now() - this.#askedAt < ANSWER_MILLIS;
  }

  /** Whether the path to the gateway is broken, as far as is known. */
  get broken() {
    return this.#broken === true;
  }

  /** @param {boolean} still whether the other side hears silence */
  set still(still) {
    if (this.#microphone) {
      this.#microphone.track.enabled = !still;
    }
  }

  /**
   * The first offer, with whatever candidates there are at once: the gateway learns the browser's addresses from its checks.
   *
   * @param {string} ref of the message that carries it
   * @returns {Promise<string>} SDP
   */
  async offer(ref) {
    this.#asked = ref;
    this.#askedAt = this.#host.environment.now();
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    return this.#peer.localDescription?.sdp ?? '';
  }

  /**
   * Offers a new path in place of the one in use, which goes on until the new one works (RFC 8445 §2.4).
   *
   * @param {string} ref of the message that carries it
   * @returns {Promise<string | null>} SDP; null: not now, another offer is on its way
   */
  async offerAnotherPath(ref) {
    if (this.#peer.remoteDescription && this.#host.environment.now() - this.#askedAt >= ANSWER_MILLIS) {
      await this.withdraw(); // the gateway has refused it without saying which
    }
    if (this.#closed || this.#asked !== null || this.#peer.signalingState !== 'stable') {
      return null;
    }
    this.#askedAt = this.#host.environment.now();
    this.#asked = ref; // before anything waits: another must not begin meanwhile
    this.#watch.onAttempt();
    try {
      // What a TURN server takes may have run out since; a welcome of later has brought anew.
      this.#peer.setConfiguration?.({ iceServers: this.#host.iceServers(), bundlePolicy: 'max-bundle' });
      await this.#peer.setLocalDescription(await this.#peer.createOffer({ iceRestart: true }));
      return this.#peer.localDescription?.sdp ?? null;
    } catch {
      this.#asked = null; // closed meanwhile
      return null;
    }
  }

  /**
   * @param {unknown} ref that the answer repeats
   * @param {string} sdp
   * @throws {Error} the browser cannot use it
   */
  async answer(ref, sdp) {
    if (this.#closed || this.#asked === null || (ref !== undefined && ref !== this.#asked)) {
      return; // of an offer that is not there any more
    }
    this.#asked = null;
    await this.#peer.setRemoteDescription({ type: 'answer', sdp });
    this.#telephoneEvent = agreesToTelephoneEvent(sdp);
  }

  /**
   * The gateway would rather hear another codec: an offer of our own that changes nothing, and its answer with that codec first
   * and the telephone-event that fits it. The sound goes on meanwhile, and the gateway takes either, so a failure costs nothing.
   *
   * @param {string} sdp
   */
  async prefer(sdp) {
    if (this.#closed || this.#asked !== null || this.#peer.signalingState !== 'stable') {
      return;
    }
    try {
      await this.#peer.setLocalDescription(await this.#peer.createOffer());
      await this.#peer.setRemoteDescription({ type: 'answer', sdp });
      this.#telephoneEvent = agreesToTelephoneEvent(sdp);
    } catch {
      await this.#rollback();
    }
  }

  /**
   * The offer will not be answered: as if it had not been made.
   *
   * @param {string} [ref] of which; without one, of any
   */
  async withdraw(ref) {
    if (this.#asked !== null && (ref === undefined || ref === this.#asked)) {
      this.#asked = null;
      await this.#rollback();
    }
  }

  async #rollback() {
    const state = this.#peer.signalingState;
    if (state === 'have-local-offer') {
      await this.#peer.setLocalDescription({ type: 'rollback' }).catch(() => {}); // closed meanwhile
    }
  }

  /**
   * How loud both sides are just now, root mean square, 0 to 1.
   *
   * @returns {{own: number, far: number}}
   */
  levels() {
    if (this.#host.audio.running) {
      return { own: this.#meters.own?.level() ?? 0, far: this.#meters.far?.level() ?? 0 };
    }
    return this.#reportedLevels();
  }

  /** How loud the microphone has been of late, muted or not, root mean square, 0 to 1; null: not known. */
  get ownLevel() {
    return this.#host.audio.running ? this.#earMeter?.level() ?? null : null;
  }

  /** Where there is no sound device the meters are dead, but the connection still knows its levels. */
  #reportedLevels() {
    if (!this.#asking) {
      this.#asking = true;
      this.#peer.getStats().then(
        (report) => {
          this.#asking = false;
          this.#reported = levelsOf(report);
        },
        () => {
          this.#asking = false; // the connection was closed meanwhile
        },
      );
    }
    return this.#reported;
  }

  /** @returns {Promise<CallStats>} the browser's own figures */
  async stats() {
    return summarise(await this.#peer.getStats());
  }

  /** @param {RTCTrackEvent} event */
  #onTrack(event) {
    const { environment, audio } = this.#host;
    this.#remote = new /** @type {typeof MediaStream} */ (environment.MediaStream)([event.track]);
    this.#player ??= audio.takePlayer();
    if (this.#player) {
      this.#player.muted = this.#host.quiet === true;
      this.#player.srcObject = this.#remote;
      this.#play();
    }
    this.#meters.far = audio.meter(this.#remote);
  }

  #play() {
    this.#host.audio.removeEventListener('unlocked', this.#onUnlocked);
    this.#player?.play().catch((error) => {
      if (error?.name === 'NotAllowedError' && !this.#closed) {
        this.#host.audio.addEventListener('unlocked', this.#onUnlocked);
        this.#listener.playbackBlocked();
      }
    });
  }

  #onIce() {
    if (!this.#closed && this.#watch.onIce(this.#peer.iceConnectionState)) {
      this.#listener.renew();
    }
    this.#judge();
  }

  #judge() {
    if (this.#closed) {
      return;
    }
    const state = this.#peer.connectionState;
    if (state === 'connected' && this.#watching === undefined) {
      this.#look();
    }
    const gone = state === 'disconnected' || state === 'failed' || this.#watch.dead;
    if (this.#broken !== gone && (gone || state === 'connected')) {
      this.#broken = gone;
      this.#listener.path(gone);
    }
  }

  /** Looks at the path from now on. */
  #look() {
    this.#watching = setTimeout(async () => {
      const report = await this.#peer.getStats().catch(() => null); // closed meanwhile
      if (this.#closed || !report) {
        return;
      }
      if (this.#watch.onSample(sampleOf(report), this.#listener.held())) {
        this.#listener.renew();
      }
      this.#judge();
      const live = this.#microphone?.track.readyState !== 'ended';
      this.#listener.looked({ ...summarise(report), ...remoteReception(report), level: this.ownLevel, live });
      this.#look();
    }, SAMPLE_MILLIS);
  }

  /**
   * Takes the microphone out, for another leg: it stays open when this one is closed.
   *
   * @returns {Microphone | null}
   */
  takeMicrophone() {
    const microphone = this.#microphone;
    this.#microphone = null;
    return microphone;
  }

  close() {
    this.#closed = true;
    this.#asked = null;
    clearTimeout(this.#watching);
    this.#host.audio.removeEventListener('unlocked', this.#onUnlocked);
    this.#deafen();
    this.#meters.far?.close();
    if (this.#player) {
      this.#host.audio.putBack(this.#player);
    }
    this.#peer.close();
    if (this.#microphone) {
      release(this.#microphone);
    }
  }
}

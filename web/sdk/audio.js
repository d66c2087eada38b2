/** Sound out: the one AudioContext of a client, its unlocking by a gesture, the tones and the level meters. */
import { RingdownError } from './errors.js';
import { TypedEventTarget } from './events.js';
import { synthesize } from './tones.js';

/** @typedef {import('./environment.js').Environment} Environment */

/** Gestures that browsers accept as leave to make a sound. */
const GESTURES = ['pointerup', 'keydown', 'touchend'];

const TONE_SAMPLE_RATE = 16_000;
const TONE_GAIN = 0.1; // −20 dBFS: as loud as a voice on the line, not louder
const RING_GAIN = 0.25;
const BUSY_SECONDS = 4;

/** How an incoming call rings here: not a network's tone, so that nobody takes it for one. */
const RING = '659+784 .12-.04 .12-.04 .12-.04 .12-.04 .12-.34 .12-.04 .12-.04 .12-.04 .12-.04 .12-1.9';

/**
 * The AudioContext. Browsers keep it silent until the person has touched the page: `locked` says so, `unlocked` is
 * fired when it ends. What was started before then becomes audible at that moment.
 *
 * @extends {TypedEventTarget<{unlocked: Event}>}
 */
export class AudioOutput extends TypedEventTarget {
  /** @type {Environment} */
  #environment;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioBufferSourceNode | null} */
  #tone = null;
  /** Where all of it is heard: the id of a speaker; empty: the system's default. */
  #speaker = '';
  /** Those of the calls. @type {Set<HTMLAudioElement>} */
  #players = new Set();
  /** @type {() => void} */
  #onGesture = () => this.unlock();

  /** @param {Environment} environment */
  constructor(environment) {
    super();
    this.#environment = environment;
    for (const gesture of GESTURES) {
      environment.window?.addEventListener(gesture, this.#onGesture, { capture: true, passive: true });
    }
  }

  /** Whether the browser waits for the person to touch the page before it lets a sound be heard. */
  get locked() {
    return !this.running && !this.#environment.userActivation?.hasBeenActive;
  }

  /** Whether sound is being made; without a sound device it never is, however unlocked. */
  get running() {
    return this.context?.state === 'running';
  }

  /** Made at first need, since a context made before any gesture only earns a warning. @returns {AudioContext | null} */
  get context() {
    if (!this.#context && this.#environment.AudioContext) {
      this.#context = new this.#environment.AudioContext({ latencyHint: 'interactive' });
      this.#context.addEventListener('statechange', () => {
        if (this.running) {
          this.dispatchEvent(new Event('unlocked'));
        }
      });
      this.#route(this.#context).catch(() => {}); // unplugged meanwhile: heard by the default one
    }
    return this.#context;
  }

  /** To be called inside a gesture where the page stops events from reaching the window; otherwise it happens by itself. */
  unlock() {
    const context = this.context;
    if (context && context.state !== 'running' && context.state !== 'closed') {
      context.resume().catch(() => {}); // stays locked; the next gesture tries again
    }
  }

  /** The id of the speaker that the page has chosen; empty: the system's default. */
  get speaker() {
    return this.#speaker;
  }

  /**
   * Has calls and tones heard by this speaker, now and from now on.
   *
   * @param {string} id empty: the system's default
   * @returns {Promise<void>} when they are
   * @throws {RingdownError} no-speaker-choice, speaker-missing
   */
  async setSpeaker(id) {
    const { Audio } = this.#environment;
    if (!Audio || !('setSinkId' in Audio.prototype)) {
      throw new RingdownError('no-speaker-choice');
    }
    try {
      await new Audio().setSinkId(id); // one that is not there is told before anything is changed
      this.#speaker = id;
      await Promise.all([...this.#players, this.#context].map((each) => this.#route(each)));
    } catch (cause) {
      throw new RingdownError('speaker-missing', { cause });
    }
  }

  /**
   * Not every browser lets a page choose, and fewer let it choose for tones.
   *
   * @param {HTMLAudioElement | AudioContext | null} sound
   */
  async #route(sound) {
    if (sound && 'setSinkId' in sound && sound.sinkId !== this.#speaker) {
      await sound.setSinkId(this.#speaker);
    }
  }

  /** @returns {HTMLAudioElement | null} for the other side of a call; put it back when that is over */
  takePlayer() {
    const { Audio } = this.#environment;
    if (!Audio) {
      return null;
    }
    const player = new Audio();
    player.autoplay = true;
    this.#players.add(player);
    this.#route(player).catch(() => {}); // unplugged meanwhile: heard by the default one
    return player;
  }

  /** @param {HTMLAudioElement} player */
  putBack(player) {
    player.srcObject = null;
    this.#players.delete(player);
  }

  /** Lets go of the sound device. */
  close() {
    this.stop();
    for (const gesture of GESTURES) {
      this.#environment.window?.removeEventListener(gesture, this.#onGesture, { capture: true });
    }
    this.#context?.close().catch(() => {});
    this.#context = null;
  }

  /**
   * Plays a tone until stop(); one tone at a time.
   *
   * @param {string} tone as tones.js writes it
   */
  play(tone) {
    this.#start(tone, TONE_GAIN, Infinity);
  }

  /**
   * Plays a tone for the few seconds in which a caller understands it.
   *
   * @param {string} tone
   */
  playBriefly(tone) {
    this.#start(tone, TONE_GAIN, BUSY_SECONDS);
  }

  /** Rings for an incoming call until stop(). */
  ring() {
    this.#start(RING, RING_GAIN, Infinity);
  }

  /** Stops what plays. */
  stop() {
    this.#tone?.stop();
    this.#tone = null;
  }

  /** Whether a tone plays, or would if it were not locked. */
  get playing() {
    return this.#tone !== null;
  }

  /**
   * @param {string} tone
   * @param {number} level
   * @param {number} seconds
   */
  #start(tone, level, seconds) {
    this.stop();
    const context = this.context;
    if (!context) {
      return;
    }
    this.unlock();
    const samples = synthesize(tone, TONE_SAMPLE_RATE);
    const buffer = context.createBuffer(1, samples.length, TONE_SAMPLE_RATE);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true; // by the sound card's clock: a hidden page's timers are slowed, this is not
    const gain = context.createGain();
    gain.gain.value = level;
    source.connect(gain).connect(context.destination);
    source.addEventListener('ended', () => {
      gain.disconnect();
      if (this.#tone === source) {
        this.#tone = null;
      }
    });
    source.start();
    if (seconds !== Infinity) {
      source.stop(context.currentTime + seconds);
    }
    this.#tone = source;
  }

  /**
   * @param {MediaStream} stream
   * @param {number} [samples] over which it measures; a power of two
   * @returns {Meter} of the stream's sound
   */
  meter(stream, samples) {
    return new Meter(this.context, stream, samples);
  }

  /** @returns {MediaStreamTrack | null} an audio track that is silent, for a caller without a microphone */
  silentTrack() {
    const context = this.context;
    if (!context) {
      return null;
    }
    this.unlock();
    const source = context.createConstantSource();
    source.offset.value = 0;
    const destination = context.createMediaStreamDestination();
    source.connect(destination);
    source.start();
    return destination.stream.getAudioTracks()[0];
  }
}

/** How loud a stream is just now. */
export class Meter {
  /** @type {AnalyserNode | null} */
  #analyser = null;
  /** @type {MediaStreamAudioSourceNode | null} */
  #source = null;
  /** @type {Float32Array<ArrayBuffer>} */
  #samples;

  /**
   * @param {AudioContext | null} context
   * @param {MediaStream} stream
   * @param {number} [samples] 1024: the last 20 ms or so
   */
  constructor(context, stream, samples = 1024) {
    this.#samples = new Float32Array(samples);
    if (context && stream.getAudioTracks().length > 0) {
      this.#analyser = context.createAnalyser();
      this.#analyser.fftSize = this.#samples.length;
      this.#source = context.createMediaStreamSource(stream);
      this.#source.connect(this.#analyser);
    }
  }

  /** @returns {number} root mean square, 0 to 1 */
  level() {
    if (!this.#analyser) {
      return 0;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) {
      sum += sample * sample;
    }
    return Math.min(1, Math.sqrt(sum / this.#samples.length));
  }

  /** Stops listening. */
  close() {
    this.#source?.disconnect();
    this.#source = null;
    this.#analyser = null;
  }
}

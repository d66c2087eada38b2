/**
 * A test before a call: the microphone, whether the page may be heard, and the way to the gateway, which sends the page's own sound
 * back. It leaves nothing open.
 */
import { adviceOn } from './advice.js';
import { CONTENT_MOS, ENDS_MILLIS, UNHAPPY_MOS, mosOf } from './e-model.js';
import { RingdownError } from './errors.js';
import { Leg } from './leg.js';
import { openMicrophone, release } from './microphone.js';
import { remoteReception } from './stats.js';

/**
 * @typedef {import('./advice.js').Advice} Advice
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./leg.js').LegHost} LegHost
 * @typedef {import('./leg.js').Looked} Looked
 * @typedef {import('./microphone.js').MicrophoneChoice} MicrophoneChoice
 */

/**
 * @typedef {object} TestOptions
 * @property {MicrophoneChoice} [microphone] true by default
 * @property {number} [seconds] how long the way is measured, its set-up included: 2 to 10 (5)
 * @property {boolean} [playback] whether the person hears itself
 * @property {AbortSignal} [signal] gives up
 */

/** @typedef {Advice & {severity: 'good'|'warning'|'problem'}} TestVerdict */

/**
 * What a test has found; null is not known, or there was no sound by which to know it.
 *
 * @typedef {object} TestReport
 * @property {{level: number | null} | null} microphone how loud it was at its loudest: root mean square, 0 to 1; null: there is none
 * @property {boolean} playback whether the browser lets this page be heard
 * @property {string} path to the gateway, as `stats()` names it; empty: there is none
 * @property {number | null} connectMillis how long it took until there was one
 * @property {{up: number | null, down: number | null}} loss per cent, to the gateway and back from it
 * @property {number | null} roundTrip milliseconds
 * @property {{up: number | null, down: number | null}} jitter milliseconds; that of the sound that came back is of both ways
 * @property {number | null} mos of the worse way; an estimate, 1 to 4.5
 * @property {Readonly<TestVerdict>[]} verdicts the worst first; never empty
 */

/** @typedef {'microphone'|'connecting'|'listening'} TestStage */

/** @typedef {LegHost & {send: (message: Message) => boolean}} TestHost */

const STEP_MILLIS = 100;
const SILENT = 1e-4; // less than any room
const QUIET = 0.004; // speech is 0.01 to 0.2
const CLIPPING = 0.5;
const LONG_MILLIS = 250; // there and back: people begin to talk across each other
const ORDER = ['problem', 'warning', 'good'];

export class PreCall {
  /** @type {TestHost} */
  #host;
  #ref;
  #options;
  #progress;
  /** @type {Leg | null} */
  #leg = null;
  /** The gateway's name of it. */
  #id = '';
  /** @type {(error?: RingdownError) => void} */
  #finish = () => {};
  #startedAt = 0;
  /** @type {number | null} */
  #connectMillis = null;
  /** @type {number | null} */
  #level = null;
  #blocked = false;
  /** What the browser counted last. @type {Looked | null} */
  #seen = null;
  #remote = { at: 0, sent: 0 };

  /**
   * @param {TestHost} host
   * @param {string} ref of its message
   * @param {TestOptions} options
   * @param {(stage: TestStage, part: number, level: number | null) => void} progress
   */
  constructor(host, ref, options, progress) {
    this.#host = { ...host, quiet: !options.playback };
    this.#ref = ref;
    this.#options = options;
    this.#progress = progress;
  }

  /**
   * @returns {Promise<TestReport>}
   * @throws {RingdownError} aborted, not-connected, no-webrtc, or what the gateway refuses it with
   */
  async run() {
    const { microphone: choice = true, signal } = this.#options;
    const abort = () => this.#finish(new RingdownError('aborted'));
    this.#progress('microphone', 0, null);
    const { microphone, problem } = await this.#microphone(choice);
    try {
      const finished = new Promise((resolve, reject) => {
        this.#finish = (error) => (error ? reject(error) : resolve(undefined));
      });
      finished.catch(() => {}); // told below
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) {
        throw new RingdownError('aborted');
      }
      await this.#measure(microphone, finished);
      return this.#report(choice !== false && !problem, problem);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#close(microphone);
    }
  }

  /**
   * @param {Message} message of the gateway
   * @returns {boolean} whether it is about this test
   */
  receive({ type, ref, call, ...told }) {
    if (ref !== this.#ref && (!this.#id || call !== this.#id)) {
      return false;
    }
    if (type === 'answer') {
      this.#id = `${call}`;
      this.#leg?.answer(ref, `${told.sdp}`).catch((cause) => this.#finish(new RingdownError('media-not-acceptable', { cause })));
    } else if (type === 'ended') {
      this.#id = '';
      const cause = `${told.cause}`;
      this.#finish(cause === 'normal' || cause === 'media-unreachable' ? undefined : new RingdownError(cause));
    } else if (type === 'error') {
      this.#finish(new RingdownError(`${told.code}`));
    }
    return true;
  }

  /** The gateway is not there any more. */
  lost() {
    this.#id = '';
    this.#finish(new RingdownError('not-connected'));
  }

  /** Without one the way is tested by silence. @param {MicrophoneChoice} choice */
  async #microphone(choice) {
    const { environment, audio } = this.#host;
    if (!environment.RTCPeerConnection) {
      throw new RingdownError('no-webrtc');
    }
    try {
      return { microphone: await openMicrophone(choice, environment, audio), problem: '' };
    } catch (error) {
      return { microphone: await openMicrophone(false, environment, audio), problem: error instanceof RingdownError ? error.code : 'internal' };
    }
  }

  /**
   * @param {import('./microphone.js').Microphone} microphone
   * @param {Promise<void>} finished
   */
  async #measure(microphone, finished) {
    const { now } = this.#host.environment;
    const leg = new Leg(this.#host, microphone, {
      held: () => true,
      path: (broken) => {
        this.#connectMillis ??= broken ? null : now() - this.#startedAt;
      },
      renew: () => {},
      playbackBlocked: () => {
        this.#blocked = true;
      },
      looked: (seen) => this.#look(seen),
    });
    this.#leg = leg;
    this.#startedAt = now();
    const sdp = await leg.offer(this.#ref);
    if (!this.#host.send({ type: 'test', ref: this.#ref, sdp })) {
      throw new RingdownError('not-connected');
    }
    const millis = Math.min(Math.max(this.#options.seconds ?? 5, 2), 10) * 1000;
    const timer = setInterval(() => {
      const part = (now() - this.#startedAt) / millis;
      this.#hear(leg.ownLevel);
      this.#progress(this.#connectMillis === null ? 'connecting' : 'listening', Math.min(part, 1), leg.ownLevel);
      if (part >= 1) {
        this.#finish();
      }
    }, STEP_MILLIS);
    try {
      await finished;
    } finally {
      clearInterval(timer);
    }
  }

  /** @param {number | null} level */
  #hear(level) {
    this.#level = level === null ? this.#level : Math.max(this.#level ?? 0, level);
  }

  /** @param {Looked} seen */
  #look(seen) {
    this.#hear(seen.level);
    const { at } = remoteReception(seen.report);
    if (at !== this.#remote.at) {
      this.#remote = { at, sent: seen.packetsSent };
    }
    this.#seen = seen;
  }

  /**
   * @param {boolean} hasMicrophone
   * @param {string} problem of the microphone
   * @returns {TestReport}
   */
  #report(hasMicrophone, problem) {
    const seen = this.#seen;
    const remote = seen && remoteReception(seen.report);
    const came = seen ? seen.packetsReceived + seen.packetsLost : 0;
    const loss = {
      up: remote?.at && this.#remote.sent ? percent(remote.lost, this.#remote.sent) : null,
      down: came && seen ? percent(seen.packetsLost, came) : null,
    };
    const roundTrip = seen?.roundTripMillis ?? null;
    const worse = loss.up === null && loss.down === null ? null : Math.max(loss.up ?? 0, loss.down ?? 0);
    const mos = seen && worse !== null ? mosOf(seen.codec, worse, (roundTrip ?? 0) / 2 + ENDS_MILLIS) : null;
    const playback = !this.#blocked && !this.#host.audio.locked;
    const path = this.#connectMillis === null ? '' : (seen?.path ?? '');
    const level = this.#level;
    /** @type {Readonly<TestVerdict>[]} */
    const verdicts = [];
    const say = (/** @type {TestVerdict['severity']} */ severity, /** @type {unknown} */ so, /** @type {string} */ code) =>
      so && verdicts.push(Object.freeze({ ...adviceOn(code), severity }));
    say('problem', problem, problem);
    if (hasMicrophone && level !== null) {
      say('problem', level < SILENT, 'microphone-silent');
      say('warning', level >= SILENT && level < QUIET, 'microphone-quiet');
      say('warning', level > CLIPPING, 'microphone-clipping');
    }
    say('problem', mos === null, 'media-unreachable');
    say(mos !== null && mos < UNHAPPY_MOS ? 'problem' : 'warning', mos !== null && mos < CONTENT_MOS, 'bad-sound-here');
    say('warning', roundTrip !== null && roundTrip > LONG_MILLIS, 'slow-path');
    say('warning', /relay|tcp/.test(path), 'detour');
    say('warning', !playback, 'playback-blocked');
    say('good', verdicts.length === 0, 'fine');
    verdicts.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
    return {
      microphone: hasMicrophone ? { level } : null,
      playback,
      path,
      connectMillis: this.#connectMillis,
      loss,
      roundTrip,
      jitter: { up: remote?.at ? remote.jitterMillis : null, down: seen?.jitterMillis ?? null },
      mos,
      verdicts,
    };
  }

  /** @param {import('./microphone.js').Microphone} microphone */
  #close(microphone) {
    if (this.#id) {
      this.#host.send({ type: 'hangup', call: this.#id });
    }
    if (this.#leg) {
      this.#leg.close();
    } else {
      release(microphone);
    }
  }
}

/**
 * @param {number} part
 * @param {number} all
 */
function percent(part, all) {
  return Math.min(100, (100 * Math.max(0, part)) / all);
}

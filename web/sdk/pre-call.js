/**
 * A test before a call: the microphone, whether the page may be heard, and the way to the gateway, which sends the page's own sound
 * back. It leaves nothing open.
 */
import { adviceOn } from './advice.js';
import { CONTENT_MOS, ENDS_MILLIS, UNHAPPY_MOS, mosOf } from './e-model.js';
import { RingdownError } from './errors.js';
import { Leg } from './leg.js';
import { openMicrophone, release } from './microphone.js';

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
 * @property {TestVerdict[]} verdicts never empty
 */

/** @typedef {'microphone'|'connecting'|'listening'} TestStage */

/**
 * A test under way.
 *
 * @typedef {object} PreCall
 * @property {Promise<TestReport>} report rejects with RingdownError: aborted, not-connected, no-webrtc, or what the gateway refuses it with
 * @property {(message: Message) => boolean} receive takes what the gateway says; false: it is about something else
 * @property {(code: string) => void} fail gives up
 * @property {() => boolean} waits whether the gateway has been asked and has not answered
 */

/** @typedef {LegHost & Pick<import('./call.js').CallHost, 'send' | 'tell'>} TestHost */

const STEP_MILLIS = 100;
const SILENT = 1e-4; // less than any room
const QUIET = 0.004; // speech is 0.01 to 0.2
const CLIPPING = 0.5;
const LONG_MILLIS = 250; // there and back: people begin to talk across each other

/**
 * @param {TestHost} host
 * @param {string} ref of its message
 * @param {TestOptions} options
 * @param {(stage: TestStage, part: number, level: number | null) => void} progress
 * @returns {PreCall}
 */
export function preCall(host, ref, { microphone: choice = true, seconds = 5, playback = false, signal }, progress) {
  const { environment, audio } = host;
  const { now } = environment;
  const millis = Math.min(Math.max(seconds, 2), 10) * 1000;
  /** @type {Leg | undefined} */
  let leg;
  /** The gateway's name of it, while it has it. */
  let id = '';
  /** Whether the gateway has been asked and has not answered. */
  let waits = false;
  let over = false;
  /** Of the microphone. */
  let problem = '';
  let startedAt = 0;
  /** @type {number | null} */
  let connectMillis = null;
  /** @type {number | null} */
  let level = null;
  let blocked = false;
  /** What the browser counted last. @type {Looked | null} */
  let seen = null;
  /** How many packets had been sent when the gateway reported. */
  let reportedAt = 0;
  let sent = 0;
  /** @type {() => void} */
  let finish = () => {};
  /** @type {(code: string, cause?: unknown) => void} */
  let fail = () => {};
  const finished = new Promise((resolve, reject) => {
    finish = () => resolve(undefined);
    fail = (code, cause) => reject(new RingdownError(code, { cause }));
  });
  finished.catch(() => {}); // told by run()

  const hear = (/** @type {number | null} */ now) => {
    level = now === null ? level : Math.max(level ?? 0, now);
  };

  const look = (/** @type {Looked} */ looked) => {
    seen = looked;
    hear(seen.level);
    if (seen.reportedAt !== reportedAt) {
      reportedAt = seen.reportedAt;
      sent = seen.packetsSent;
    }
  };

  const measure = async () => {
    const microphone = await openMicrophone(choice, environment, audio).catch((error) => {
      problem = error.code;
      return openMicrophone(false, environment, audio); // the way is tested by silence
    });
    if (over) {
      release(microphone);
      return;
    }
    leg = new Leg({ ...host, quiet: !playback }, microphone, {
      held: () => true,
      path: (broken) => {
        connectMillis ??= broken ? null : now() - startedAt;
      },
      renew: () => {},
      microphoneLost: () => {}, // its sound is judged, and there is none then
      playbackBlocked: () => {
        blocked = true;
      },
      looked: look,
    });
    startedAt = now();
    progress('connecting', 0, null);
    const sdp = await leg.offer(ref);
    if (over) {
      return;
    }
    waits = host.send({ type: 'test', ref, sdp });
    if (!waits) {
      fail('not-connected');
    }
    const timer = setInterval(() => {
      const part = Math.min((now() - startedAt) / millis, 1);
      const loud = leg?.ownLevel ?? null;
      hear(loud);
      progress(connectMillis === null ? 'connecting' : 'listening', part, loud);
      if (part === 1) {
        finish();
      }
    }, STEP_MILLIS);
    await finished.finally(() => clearInterval(timer));
  };

  const run = async () => {
    const abort = () => fail('aborted');
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) {
        abort();
      }
      if (!environment.RTCPeerConnection) {
        fail('no-webrtc');
      }
      progress('microphone', 0, null);
      await Promise.race([finished, measure()]);
      return report();
    } finally {
      over = true;
      signal?.removeEventListener('abort', abort);
      if (id) {
        host.tell({ type: 'hangup', call: id });
      }
      leg?.close();
    }
  };

  /** @returns {TestReport} */
  const report = () => {
    const { packetsReceived: received = 0, packetsLost: lost = 0, roundTripMillis: roundTrip = null, codec = '' } = seen ?? {};
    const up = sent ? percent(seen?.remoteLost ?? 0, sent) : null;
    const down = received ? percent(lost, lost + received) : null;
    const mos = up === null && down === null ? null : mosOf(codec, Math.max(up ?? 0, down ?? 0), (roundTrip ?? 0) / 2 + ENDS_MILLIS);
    const heard = !blocked && !audio.locked;
    const path = connectMillis === null ? '' : (seen?.path ?? '');
    const loud = choice === false || problem ? null : level;
    /** @type {TestVerdict[]} */
    const verdicts = [];
    const say = (/** @type {unknown} */ so, /** @type {string} */ code, /** @type {TestVerdict['severity']} */ severity = 'warning') =>
      so && verdicts.push({ ...adviceOn(code), severity });
    say(problem, problem, 'problem');
    if (loud !== null) {
      say(loud < SILENT, 'microphone-silent', 'problem');
      say(loud >= SILENT && loud < QUIET, 'microphone-quiet');
      say(loud > CLIPPING, 'microphone-clipping');
    }
    if (mos === null) {
      say(true, 'media-unreachable', 'problem');
    } else {
      say(mos < CONTENT_MOS, 'bad-sound-here', mos < UNHAPPY_MOS ? 'problem' : 'warning');
    }
    say((roundTrip ?? 0) > LONG_MILLIS, 'slow-path');
    say(/relay|tcp/.test(path), 'detour');
    say(!heard, 'playback-blocked');
    say(!verdicts.length, 'fine', 'good');
    return {
      microphone: choice === false || problem ? null : { level },
      playback: heard,
      path,
      connectMillis,
      loss: { up, down },
      roundTrip,
      jitter: { up: (reportedAt && seen?.remoteJitterMillis) || null, down: seen?.jitterMillis ?? null },
      mos,
      verdicts,
    };
  };

  return {
    report: run(),
    fail,
    waits: () => waits,
    receive({ type, call, code, cause, sdp, ...message }) {
      if (message.ref !== ref && (!id || call !== id)) {
        return false;
      }
      waits = false;
      if (type === 'answer') {
        id = `${call}`;
        leg?.answer(ref, `${sdp}`).catch((error) => fail('media-not-acceptable', error));
      } else if (cause === 'normal' || cause === 'media-unreachable') {
        id = '';
        finish();
      } else {
        id = '';
        fail(`${cause ?? code}`);
      }
      return true;
    },
  };
}

/**
 * @param {number} part
 * @param {number} all
 */
function percent(part, all) {
  return Math.min(100, (100 * Math.max(0, part)) / all);
}

/**
 * Judges from the browser's own figures whether the path to the gateway still carries anything, and says when to try a new one.
 * Pure: time is that of the figures, so a page whose timers are slowed or that stood still judges no worse.
 */

/**
 * @typedef {object} PathSample
 * @property {number} at milliseconds, the figures' own
 * @property {number} packets RTP received since the beginning
 * @property {number | null} answers to our connectivity checks (RFC 8445, RFC 7675), over all pairs; null: this browser does not count them
 */

export const SAMPLE_MILLIS = 500;
const SILENT_MILLIS = 1450; // three samples without a packet where packets had been coming
const UNANSWERED_MILLIS = 10_000; // without an answer where none were; browsers ask every 2 to 4 seconds
const LONGEST_STEP_MILLIS = 1000; // what one sample may count for: a page that stood still has to look twice
const FIRST_PATIENCE_MILLIS = 3000; // from one new path to the next, while nothing comes
const LONGEST_PATIENCE_MILLIS = 15_000;
const MISSED_MILLIS = 1000; // a path that is there again brings RTP at once, if RTP was what it had lost
const FALSE_ALARMS = 2; // a telephone side that leaves out its silence is not a path that dies

export class PathWatch {
  /** @type {PathSample | null} */
  #last = null;
  /** Whether RTP is coming, so that its absence means something. */
  #flowing = false;
  #proven = false;
  #quietMillis = 0;
  #dead = false;
  #attempts = 0;
  #sinceAttemptMillis = 0;
  #falseAlarms = 0;
  /** How long RTP has been missing since the path was found to be there again; null: it is not missed. @type {number | null} */
  #missedMillis = null;

  /** Whether nothing gets through. */
  get dead() {
    return this.#dead;
  }

  /**
   * @param {PathSample} sample
   * @param {boolean} held whether somebody holds the call: then no RTP means nothing
   * @returns {boolean} whether to try a new path now
   */
  onSample(sample, held) {
    const last = this.#last ?? sample;
    const elapsed = Math.min(Math.max(sample.at - last.at, 0), LONGEST_STEP_MILLIS);
    const heard = sample.packets > last.packets;
    const answered = (sample.answers ?? 0) > (last.answers ?? 0);
    this.#last = sample;
    this.#sinceAttemptMillis += elapsed;
    if (heard || answered) {
      this.#alive();
    } else {
      this.#quietMillis += elapsed;
    }
    this.#missed(heard, elapsed);
    this.#flowing = (heard || this.#flowing) && !held;
    return this.#dead ? this.#again() : this.#proven && this.#quietMillis >= this.#limit && this.#die();
  }

  /**
   * ICE itself says how it does.
   *
   * @param {RTCIceConnectionState} state
   * @returns {boolean} whether to try a new path now
   */
  onIce(state) {
    if (state === 'connected' || state === 'completed') {
      this.#alive();
      return false;
    }
    return (state === 'disconnected' || state === 'failed') && this.#proven && !this.#dead && this.#die();
  }

  /** A new path is being tried, whoever wished it. */
  onAttempt() {
    this.#attempts++;
    this.#sinceAttemptMillis = 0;
  }

  get #limit() {
    if (this.#flowing && this.#missedMillis === null && this.#falseAlarms < FALSE_ALARMS) {
      return SILENT_MILLIS;
    }
    return this.#last?.answers === null ? Infinity : UNANSWERED_MILLIS;
  }

  #alive() {
    if (this.#dead && this.#flowing) {
      this.#missedMillis = 0;
    }
    this.#proven = true;
    this.#dead = false;
    this.#quietMillis = this.#attempts = 0;
  }

  /**
   * A path that is there again brings what was missed; else it was never gone, and the telephone's side had nothing to send.
   *
   * @param {boolean} heard
   * @param {number} elapsed
   */
  #missed(heard, elapsed) {
    if (this.#missedMillis === null) {
      return;
    }
    this.#missedMillis = heard ? null : this.#missedMillis + elapsed;
    if (this.#missedMillis !== null && this.#missedMillis >= MISSED_MILLIS) {
      this.#missedMillis = null;
      this.#flowing = false;
      this.#falseAlarms++;
    }
  }

  #die() {
    this.#dead = true;
    this.#attempts = 0;
    return true;
  }

  #again() {
    const patience = Math.min(LONGEST_PATIENCE_MILLIS, FIRST_PATIENCE_MILLIS * 2 ** Math.max(0, this.#attempts - 1));
    return this.#sinceAttemptMillis >= patience;
  }
}

/**
 * @param {RTCStatsReport} report
 * @returns {PathSample}
 */
export function sampleOf(report) {
  /** @type {any[]} */
  const all = [...report.values()];
  const inbound = all.find((entry) => entry.type === 'inbound-rtp' && entry.kind === 'audio');
  const counts = all.filter((entry) => entry.type === 'candidate-pair').map(({ responsesReceived }) => responsesReceived);
  const known = counts.filter((count) => typeof count === 'number');
  return {
    at: inbound?.timestamp ?? all[0]?.timestamp ?? 0,
    packets: inbound?.packetsReceived ?? 0,
    answers: counts.length > known.length ? null : known.reduce((sum, count) => sum + count, 0),
  };
}

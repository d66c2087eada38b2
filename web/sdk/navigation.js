/**
 * Ways through the menu of an IVR: what a script says, and the machine that goes through its steps. Pure: no timer, no clock;
 * time is given, in milliseconds that never go back.
 */
import { LONGEST_STRING } from './digits.js';
import { RingdownError } from './errors.js';

/** How long it must be silent for an announcement to count as over, unless the page says otherwise. */
export const USUAL_SILENCE_MILLIS = 700;
export const USUAL_TIMEOUT_MILLIS = 30_000;

// docs/protocol.md, `listen`
const SHORTEST_SILENCE_MILLIS = 200;
const LONGEST_SILENCE_MILLIS = 10_000;

const LONGEST_PAUSE_MILLIS = 600_000;
const LONGEST_SCRIPT = 2000; // characters
const MOST_STEPS = 200;

/** After we asked it to listen, the gateway's word that there is sound already may need so long to get here. */
const FIRST_WORD_MILLIS = 500;

/**
 * @typedef {object} Timed
 * @property {'silence'|'prompt'} kind
 * @property {number} millis of silence; 0: as the options say
 */

/**
 * @typedef {{kind: 'digits', digits: string} | {kind: 'answer'|'sound'|'beep'} | Timed | {kind: 'pause', millis: number}} Step
 */

/** @typedef {Step['kind']} StepKind */

/** @typedef {{index: number, kind: StepKind}} StepName index from 0 */

/** @typedef {{kind: StepKind, millis: number}} StepRecord a step that is done, and how long it took */

const KEY = /[0-9A-D*#,]/i;
const WAIT = /^\{\s*([a-z]+)(?:\s+(\d{1,9}))?\s*\}/i;

/** What the number behind a wait may be; undefined: it takes none. @type {Record<string, [number, number] | undefined>} */
const RANGES = {
  answer: undefined,
  sound: undefined,
  silence: [SHORTEST_SILENCE_MILLIS, LONGEST_SILENCE_MILLIS],
  prompt: undefined,
  beep: undefined,
  pause: [1, LONGEST_PAUSE_MILLIS],
};

/**
 * Keys and commas as for sendDigits(), waits in braces, spaces as one likes: `{prompt} 1 {prompt} 4711# {beep}`.
 *
 * @param {string} script
 * @returns {Step[]}
 * @throws {RingdownError} bad-script; it tells where, counted from 1, and what would be right, and repeats nothing of the script
 */
export function parseScript(script) {
  const text = String(script);
  if (text.length > LONGEST_SCRIPT) {
    throw wrong(LONGEST_SCRIPT, `a script has up to ${LONGEST_SCRIPT} characters`);
  }
  /** @type {Step[]} */
  const steps = [];
  for (let at = 0; at < text.length;) {
    if (steps.length > MOST_STEPS) {
      throw wrong(at, `a script has up to ${MOST_STEPS} steps`);
    }
    if (/\s/.test(text[at])) {
      at++;
    } else if (KEY.test(text[at])) {
      addKey(steps, text[at], at);
      at++;
    } else {
      const { step, length } = waitAt(text, at);
      steps.push(step);
      at += length;
    }
  }
  if (steps.length === 0) {
    throw wrong(0, 'a script has at least one step: keys, or a wait in braces such as {prompt}');
  }
  return steps;
}

/**
 * @param {Step[]} steps
 * @param {string} key
 * @param {number} at
 */
function addKey(steps, key, at) {
  let last = steps.at(-1);
  if (last?.kind !== 'digits') {
    last = { kind: 'digits', digits: '' };
    steps.push(last);
  }
  if (last.digits.length === LONGEST_STRING) {
    throw wrong(at, `up to ${LONGEST_STRING} keys and commas stand between two waits; put a {pause 1} between more`);
  }
  last.digits += key.toUpperCase();
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {{step: Step, length: number}}
 */
function waitAt(text, at) {
  if (text[at] !== '{') {
    throw wrong(at, 'here belongs a key (0-9, *, #, A-D), a comma, or a wait in braces');
  }
  if (!text.includes('}', at)) {
    throw wrong(at, 'this brace is never closed; write } behind the wait');
  }
  const [whole, name, number] = WAIT.exec(text.slice(at)) ?? ['', '', undefined];
  const kind = name.toLowerCase();
  if (!Object.hasOwn(RANGES, kind)) {
    throw wrong(at, 'this is no wait; write {answer}, {sound}, {silence}, {silence 1500}, {prompt}, {beep} or {pause 500}');
  }
  return { step: waitOf(kind, number === undefined ? null : Number(number), at), length: whole.length };
}

/**
 * @param {string} kind
 * @param {number | null} millis
 * @param {number} at
 * @returns {Step}
 */
function waitOf(kind, millis, at) {
  const range = RANGES[kind];
  if (millis !== null && !range) {
    throw wrong(at, `{${kind}} takes no number`);
  }
  if (range && (millis === null ? kind === 'pause' : millis < range[0] || millis > range[1])) {
    throw wrong(at, `{${kind}} takes milliseconds, ${range[0]} to ${range[1]}: {${kind} 500}`);
  }
  return /** @type {Step} */ (range || kind === 'prompt' ? { kind, millis: millis ?? 0 } : { kind });
}

/**
 * @param {number} at
 * @param {string} right
 */
const wrong = (at, right) => new RingdownError('bad-script', { text: `Character ${at + 1}: ${right}.` });

/**
 * @typedef {object} Patience
 * @property {number} timeoutMillis for each wait but a pause
 * @property {number} silenceMillis that ends a prompt, and that a {silence} without a number means
 */

/**
 * @param {{timeout?: number, silence?: number}} options milliseconds
 * @returns {Patience}
 * @throws {RingdownError} bad-script
 */
export function patience({ timeout = USUAL_TIMEOUT_MILLIS, silence = USUAL_SILENCE_MILLIS }) {
  if (!(timeout > 0)) {
    throw new RingdownError('bad-script', { text: 'timeout is milliseconds, more than 0.' });
  }
  if (!(silence >= SHORTEST_SILENCE_MILLIS && silence <= LONGEST_SILENCE_MILLIS)) {
    const range = `${SHORTEST_SILENCE_MILLIS} to ${LONGEST_SILENCE_MILLIS}`;
    throw new RingdownError('bad-script', { text: `silence is milliseconds, ${range}.` });
  }
  return { timeoutMillis: timeout, silenceMillis: silence };
}

/**
 * What the gateway must listen for, for the sake of these steps.
 *
 * @param {Step[]} steps
 * @param {Patience} patience
 * @returns {number | null} the shortest silence to be told, milliseconds; null: nothing on the line matters
 */
export function silenceToListenFor(steps, { silenceMillis }) {
  if (!steps.some(({ kind }) => kind === 'sound' || kind === 'silence' || kind === 'prompt' || kind === 'beep')) {
    return null;
  }
  const silences = steps.flatMap((step) => (isTimed(step) ? [step.millis || silenceMillis] : []));
  return silences.length > 0 ? Math.min(...silences) : silenceMillis;
}

/**
 * @param {Step} step
 * @returns {step is Timed}
 */
const isTimed = (step) => step.kind === 'silence' || step.kind === 'prompt';

/**
 * What a walk asks of its owner, who may stop() it at any of these.
 *
 * @typedef {object} WalkOwner
 * @property {(name: StepName, state: 'started'|'done') => void} step
 * @property {() => void} listen told once, before the first wait, when a later step needs to hear the line
 * @property {(digits: string) => void} press onPressed() answers
 * @property {(records: StepRecord[]) => void} finished all steps are done
 * @property {() => void} timedOut the step under way was not done in time; nothing follows
 */

/**
 * Goes through the steps of a script, one at a time. After each input, ask for `nextWakeup`.
 *
 * A wait begins when the step before it is done. What is a state counts although it has begun before: the call is answered; it has
 * been silent for so long; a prompt is being spoken, and its end is still to come. A sound and a beep must be new.
 */
export class Walk {
  /** @type {Step[]} */
  #steps;
  /** @type {Patience} */
  #patience;
  /** @type {number | null} */
  #askedSilenceMillis;
  /** @type {WalkOwner} */
  #owner;
  #answered = false;
  #asked = false;
  #over = false;
  #index = 0;
  #beganAt = 0;
  /** @type {StepRecord[]} */
  #records = [];
  /** Whether there is sound on the line, or a silence not yet long enough to be told. */
  #sounding = false;
  /** Since when there has been none; null: there is, or nobody listens. @type {number | null} */
  #silentSince = null;
  /** Whether there has been sound since the step began. */
  #soundSince = false;

  /**
   * @param {Step[]} steps
   * @param {Patience} patience
   * @param {WalkOwner} owner
   */
  constructor(steps, patience, owner) {
    this.#steps = steps;
    this.#patience = patience;
    this.#askedSilenceMillis = silenceToListenFor(steps, patience);
    this.#owner = owner;
  }

  /** The step under way. @returns {StepName} */
  get step() {
    return { index: this.#index, kind: this.#steps[this.#index].kind };
  }

  /**
   * @param {boolean} answered whether the call is
   * @param {number} now
   */
  begin(answered, now) {
    this.#answered = answered;
    this.#enter(0, now);
  }

  /** Nothing is told any more. */
  stop() {
    this.#over = true;
  }

  /** @param {number} now */
  onAnswered(now) {
    this.#answered = true;
    this.#consider(now);
  }

  /** The gateway has been asked to listen: until it says otherwise, the line is silent. @param {number} now */
  onListening(now) {
    this.#silentSince = now + FIRST_WORD_MILLIS;
    this.#consider(now);
  }

  /**
   * @param {'sound'|'silence'|'beep'} what
   * @param {number} durationMillis of the sound before a silence; 0: not told
   * @param {number} now
   */
  onHeard(what, durationMillis, now) {
    if (this.#over) {
      return;
    }
    if (what === 'sound') {
      this.#sounding = this.#soundSince = true;
      this.#silentSince = null;
    } else if (what === 'silence') {
      this.#sounding = false;
      this.#silentSince = now - (this.#askedSilenceMillis ?? 0);
      this.#soundSince ||= durationMillis > 0 && this.#silentSince >= this.#beganAt;
    }
    if (this.step.kind === what && what !== 'silence') {
      this.#done(now);
    } else {
      this.#consider(now);
    }
  }

  /** The digits asked for have been pressed. @param {number} now */
  onPressed(now) {
    if (!this.#over) {
      this.#done(now);
    }
  }

  /** @param {number} now */
  wake(now) {
    this.#consider(now);
  }

  /** When wake() is wanted; Infinity for never. */
  get nextWakeup() {
    return this.#over ? Infinity : Math.min(this.#fulfilledAt(), this.#timeoutAt());
  }

  /**
   * @param {number} index
   * @param {number} now
   */
  #enter(index, now) {
    this.#index = index;
    this.#beganAt = now;
    this.#soundSince = this.#sounding;
    const step = this.#steps[index];
    if (!step) {
      this.#over = true;
      this.#owner.finished(this.#records);
      return;
    }
    this.#owner.step(this.step, 'started');
    if (this.#over) {
      return;
    }
    if (step.kind === 'digits') {
      this.#owner.press(step.digits);
      return;
    }
    if (!this.#asked && this.#askedSilenceMillis !== null) {
      this.#asked = true;
      this.#owner.listen();
    }
    this.#consider(now);
  }

  /** @param {number} now */
  #done(now) {
    const { step } = this;
    this.#records.push({ kind: step.kind, millis: Math.round(now - this.#beganAt) });
    this.#owner.step(step, 'done');
    if (!this.#over) {
      this.#enter(this.#index + 1, now);
    }
  }

  /** What happened counts even if the timer for it was late. @param {number} now */
  #consider(now) {
    if (this.#over) {
      return;
    }
    if (this.#fulfilledAt() <= now) {
      this.#done(now);
    } else if (this.#timeoutAt() <= now) {
      this.#over = true;
      this.#owner.timedOut();
    }
  }

  #fulfilledAt() {
    const step = this.#steps[this.#index];
    switch (step.kind) {
      case 'answer':
        return this.#answered ? this.#beganAt : Infinity;
      case 'silence':
        return this.#silentFor(step);
      case 'prompt':
        return this.#soundSince ? this.#silentFor(step) : Infinity;
      case 'pause':
        return this.#beganAt + step.millis;
      case 'sound':
      case 'beep':
      case 'digits':
        return Infinity; // an event's to end
    }
  }

  /** @param {Timed} step */
  #silentFor({ millis }) {
    return (this.#silentSince ?? Infinity) + (millis || this.#patience.silenceMillis);
  }

  #timeoutAt() {
    const { kind } = this.#steps[this.#index];
    return kind === 'digits' || kind === 'pause' ? Infinity : this.#beganAt + this.#patience.timeoutMillis;
  }
}

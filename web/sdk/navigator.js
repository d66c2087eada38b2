/** Walks a call through a menu: joins the machine of navigation.js with a call, a timer and the page's AbortSignal. */
import { RingdownError } from './errors.js';
import { Walk, silenceToListenFor } from './navigation.js';

export { parseScript, patience } from './navigation.js';

/**
 * @typedef {import('./navigation.js').Step} Step
 * @typedef {import('./navigation.js').StepName} StepName
 * @typedef {import('./navigation.js').StepRecord} StepRecord
 * @typedef {import('./navigation.js').Patience} Patience
 */

/**
 * What a navigator needs of its call.
 *
 * @typedef {object} Line
 * @property {() => number} now milliseconds
 * @property {() => string} state of the call
 * @property {(digits: string) => Promise<unknown>} press
 * @property {() => void} cancel what press() has begun
 * @property {(on: boolean, silenceMillis: number) => void} listen throws RingdownError not-connected
 * @property {(name: StepName, state: 'started'|'done') => void} told
 */

/** States of a call in which its line can be heard. */
const AUDIBLE = new Set(['early-media', 'established']);

export class Navigator {
  /** @type {Line} */
  #line;
  /** @type {Step[]} */
  #steps;
  /** @type {Walk} */
  #walk;
  #silenceMillis;
  /** @type {'no'|'wanted'|'on'} */
  #listening = 'no';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortSignal | undefined} */
  #signal;
  #onAbort = () => this.#abort();
  /** @type {(records: StepRecord[]) => void} */
  #resolve = () => {};
  /** @type {(error: RingdownError) => void} */
  #reject = () => {};
  #over = false;

  /**
   * @param {Line} line
   * @param {Step[]} steps
   * @param {Patience} patience
   * @param {AbortSignal} [signal]
   */
  constructor(line, steps, patience, signal) {
    this.#line = line;
    this.#steps = steps;
    this.#signal = signal;
    this.#silenceMillis = silenceToListenFor(steps, patience) ?? patience.silenceMillis;
    this.#walk = new Walk(steps, patience, {
      step: (name, state) => line.told(name, state),
      listen: () => this.#listen(),
      press: (digits) => this.#press(digits),
      finished: (records) => this.#finish(() => this.#resolve(records)),
      timedOut: () => this.#fail('navigation-timeout', {
        text: `Not done within ${patience.timeoutMillis / 1000} s: ${this.#where()}.`,
      }),
    });
  }

  /**
   * @returns {Promise<StepRecord[]>} when all steps are done
   * @throws {RingdownError} with the step; navigation-timeout, navigation-aborted, or what ended the call or refused the digits
   */
  run() {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#signal?.aborted) {
        this.#abort();
        return;
      }
      this.#signal?.addEventListener('abort', this.#onAbort);
      this.#walk.begin(this.#line.state() === 'established', this.#line.now());
      this.#watch();
    });
  }

  /** The call has come to another state. */
  onState() {
    this.#listenIfAudible();
    if (this.#line.state() === 'established') {
      this.#walk.onAnswered(this.#line.now());
    }
    this.#watch();
  }

  /** @param {import('./events.js').HeardEvent} event */
  onHeard({ what, durationMillis }) {
    this.#walk.onHeard(what, durationMillis ?? 0, this.#line.now());
    this.#watch();
  }

  /** The gateway or the end of the call is in the way. @param {RingdownError} error */
  fail(error) {
    this.#fail(error.code, { text: error.message, receipts: [...error.receipts], cause: error });
  }

  #listen() {
    this.#listening = 'wanted';
    this.#listenIfAudible();
  }

  #listenIfAudible() {
    if (this.#listening !== 'wanted' || !AUDIBLE.has(this.#line.state())) {
      return;
    }
    try {
      this.#line.listen(true, this.#silenceMillis);
      this.#listening = 'on';
      this.#walk.onListening(this.#line.now());
    } catch (error) {
      this.fail(asKnown(error));
    }
  }

  /** @param {string} digits */
  #press(digits) {
    this.#line.press(digits).then(
      () => {
        this.#walk.onPressed(this.#line.now());
        this.#watch();
      },
      (error) => this.fail(asKnown(error)),
    );
  }

  #abort() {
    const pressing = !this.#over && this.#walk.step.kind === 'digits';
    this.#fail('navigation-aborted', { text: `Given up at ${this.#where()}.`, cause: this.#signal?.reason });
    if (pressing) {
      this.#line.cancel();
    }
  }

  /** In words for people: steps are counted from 1. */
  #where() {
    const { index, kind } = this.#walk.step;
    return `step ${index + 1} of ${this.#steps.length} (${kind})`;
  }

  /**
   * @param {string} code
   * @param {{text: string, cause?: unknown, receipts?: import('./receipts.js').DigitReceipt[]}} details
   */
  #fail(code, details) {
    if (!this.#over) {
      const { step } = this.#walk;
      this.#finish(() => this.#reject(new RingdownError(code, { ...details, step })));
    }
  }

  /** @param {() => void} tell */
  #finish(tell) {
    this.#over = true;
    this.#walk.stop();
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (this.#listening === 'on' && AUDIBLE.has(this.#line.state())) {
      try {
        this.#line.listen(false, this.#silenceMillis);
      } catch {
        // the socket is gone, and with it whom the gateway would tell
      }
    }
    tell();
  }

  #watch() {
    clearTimeout(this.#timer);
    const at = this.#walk.nextWakeup;
    if (at !== Infinity) {
      const inMillis = Math.max(0, Math.ceil(at - this.#line.now()));
      this.#timer = setTimeout(() => {
        this.#walk.wake(this.#line.now());
        this.#watch();
      }, inMillis);
    }
  }
}

/** @param {unknown} error */
const asKnown = (error) => (error instanceof RingdownError ? error : new RingdownError('internal', { cause: error }));

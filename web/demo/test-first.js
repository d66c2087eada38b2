/** "Test first": microphone, playback and the way to the gateway, in words, before anybody is called. */
import { RingdownError } from '../sdk/index.js';
import { button, element, html, icon, make } from './dom.js';

/**
 * @typedef {import('../sdk/index.js').RingdownClient} RingdownClient
 * @typedef {import('../sdk/pre-call.js').TestReport} TestReport
 * @typedef {import('../sdk/pre-call.js').TestStage} TestStage
 */

/** @type {Readonly<Record<TestStage, string>>} */
const STAGES = {
  microphone: 'The browser asks for the microphone.',
  connecting: 'Looking for a way to the gateway…',
  listening: 'Say something: it goes to the gateway and back.',
};

export class TestFirst {
  #client;
  /** @type {AbortController | null} */
  #running = null;

  /** @param {RingdownClient} client */
  constructor(client) {
    this.#client = client;
    button('test-go').addEventListener('click', () => (this.#running ? this.#running.abort() : void this.#run()));
    client.addEventListener('testprogress', ({ stage, part }) => this.#show(stage, part));
  }

  /** @param {boolean} enabled */
  enable(enabled) {
    button('test-go').disabled = !enabled && !this.#running;
  }

  async #run() {
    this.#running = new AbortController();
    button('test-go').textContent = 'Stop';
    html('test-verdicts').replaceChildren();
    html('test-figures').textContent = '';
    try {
      this.#report(await this.#client.test({ signal: this.#running.signal, playback: element('test-playback', HTMLInputElement).checked }));
    } catch (error) {
      const known = error instanceof RingdownError ? error : new RingdownError('internal', { cause: error });
      html('test-stage').textContent = known.code === 'aborted' ? '' : `${known.message} ${known.hint}`;
    } finally {
      this.#running = null;
      button('test-go').textContent = 'Test first';
      element('test-part', HTMLProgressElement).hidden = true;
      button('test-go').disabled = this.#client.state !== 'connected';
    }
  }

  /**
   * @param {TestStage} stage
   * @param {number} part
   */
  #show(stage, part) {
    if (html('test-stage').textContent !== STAGES[stage]) { // it is read aloud once
      html('test-stage').textContent = STAGES[stage];
    }
    const bar = element('test-part', HTMLProgressElement);
    bar.hidden = false;
    bar.value = part;
  }

  /** @param {TestReport} report */
  #report({ verdicts, loss, roundTrip, mos }) {
    html('test-stage').textContent = '';
    html('test-verdicts').replaceChildren(
      ...verdicts.map(({ severity, text, hint }) => {
        const line = make('li', '', ...(severity === 'good' ? [] : [icon('warning')]), make('strong', '', text), ` ${hint}`);
        line.dataset.severity = severity;
        return line;
      }),
    );
    if (mos !== null) {
      const there = `lost on the way there ${percent(loss.up)}, back ${percent(loss.down)}`;
      html('test-figures').textContent = `MOS ${mos.toFixed(1)}, round trip ${roundTrip === null ? '?' : Math.round(roundTrip)} ms, ${there}`;
    }
  }
}

/** @param {number | null} value */
function percent(value) {
  return value === null ? '?' : `${value.toFixed(1)} %`;
}

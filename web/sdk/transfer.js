/** The transfer of a call that waits for the gateway's word, and what is told of it. */
import { entryOf, RingdownError } from './errors.js';
import { TransferEvent } from './events.js';
import { Requests } from './requests.js';

/** @typedef {'asked'|'referred'|'trying'|'ringing'|'done'|'failed'} Stage */

const EVENTS = /** @type {const} */ ({
  asked: 'transferring',
  referred: 'transferring',
  trying: 'transferring',
  ringing: 'transferring',
  done: 'transferred',
  failed: 'transferfailed',
});

export class Transfer {
  /** One at most. @type {Requests<void>} */
  #requests = new Requests();

  /**
   * @param {{to: string} | {with: string}} target
   * @param {(message: {type: string, ref: string}) => void} request throws where it cannot be sent
   * @returns {Promise<void>}
   */
  ask(target, request) {
    if (this.#requests.some) {
      throw new RingdownError('wrong-state');
    }
    return this.#requests.ask('transfer', (ref) => request({ type: 'transfer', ref, ...target }));
  }

  /**
   * `transfer`, as the gateway tells it.
   *
   * @param {Record<string, unknown>} message
   * @returns {TransferEvent | null} null: a stage of a newer gateway
   */
  receive(message) {
    const stage = /** @type {Stage} */ (String(message.stage));
    if (!Object.hasOwn(EVENTS, stage)) {
      return null;
    }
    const error = stage === 'failed' ? failure(message) : null;
    if (stage === 'done') {
      this.#requests.take(message.ref)?.resolve();
    } else if (error) {
      this.#requests.take(message.ref)?.reject(error);
    }
    return new TransferEvent(EVENTS[stage], {
      by: message.by === 'telephone' ? 'telephone' : 'browser',
      stage,
      number: text(message.number),
      name: text(message.name),
      sip: typeof message.sip === 'number' ? message.sip : null,
      error,
    });
  }

  /**
   * The gateway could not do what was asked.
   *
   * @param {unknown} ref
   * @param {RingdownError} error
   */
  refuse(ref, error) {
    this.#requests.take(ref)?.reject(error);
  }

  /** Nothing more is heard of what was asked. @param {RingdownError} error */
  giveUp(error) {
    this.#requests.giveUp(error);
  }
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' && value ? value : null;
}

/** @param {Record<string, unknown>} message */
function failure(message) {
  const code = text(message.cause) ?? 'internal';
  const known = entryOf(code);
  return new RingdownError(code, { text: text(message.text) ?? known.text, hint: text(message.hint) ?? known.hint });
}

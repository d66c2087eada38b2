/** Calls that go on beside the one that the telephone shows: who is there is told, and each can be hung up. */
import { formatNumber } from '../sdk/index.js';

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('./notices.js').Notices} Notices
 */

export class OtherCalls {
  #notices;

  /** @param {Pick<Notices, 'show' | 'clear'>} notices */
  constructor(notices) {
    this.#notices = notices;
  }

  /** @param {Call} call */
  show(call) {
    const out = call.direction === 'outgoing';
    const shown = formatNumber(out ? call.to : call.from) || 'an unknown number';
    const key = `other-${call.id}`;
    this.#notices.show(key, `Your call ${out ? 'to' : 'from'} ${shown} goes on, too.`, 'You hear each other beside any other call.', {
      label: 'Hang up',
      act: () => call.hangup(),
    });
    call.addEventListener('ended', () => this.#notices.clear(key), { once: true });
  }
}

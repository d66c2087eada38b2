/** Who the calls of this page are with, and why they ring here, as far as anybody here knows. */
import { nameOf } from './suggest.js';
import { word } from './words.js';

/**
 * @typedef {import('../sdk/agent.js').Agent} Agent
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('./suggest.js').Known} Known
 */

export class Callers {
  #agent;
  #known;

  /**
   * @param {Pick<Agent, 'errandOf'>} agent
   * @param {() => Known} known who may be meant by a number
   */
  constructor(agent, known) {
    this.#agent = agent;
    this.#known = known;
  }

  /** The other side; empty: unknown. @param {Call} call */
  name(call) {
    return nameOf(numberOf(call), call.name, this.#known());
  }

  /** What is said when it rings. @param {Call} call */
  announcement(call) {
    const group = this.group(call);
    return word('incoming-from', this.name(call) || word('unknown')) + (group ? `, ${word('for-group', group)}` : '');
  }

  /** For which it rings; empty: for none. @param {Call} call */
  group(call) {
    return this.#agent.errandOf(call)?.group ?? '';
  }

  /** Why it rings here, with the name of who has sent it. @param {Call} call */
  errand(call) {
    const errand = this.#agent.errandOf(call);
    return errand && { ...errand, transferredBy: nameOf(errand.transferredBy, '', this.#known()) };
  }
}

/** Of the other side. @param {Call} call */
export const numberOf = (call) => (call.direction === 'incoming' ? call.from : call.to);

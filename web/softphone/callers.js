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

  /** Of the other side; empty: unknown. @param {Call} call */
  number(call) {
    return this.direction(call) === 'incoming' ? call.from : call.to;
  }

  /** The other side; empty: unknown. @param {Call} call */
  name(call) {
    return nameOf(this.number(call), call.name, this.#known());
  }

  /** Which way it goes: one that a system has begun rings here as if it came in, and is one out. @param {Call} call */
  direction(call) {
    return this.#agent.errandOf(call)?.originated ? 'outgoing' : call.direction;
  }

  /** What is said when it rings. @param {Call} call */
  announcement(call) {
    const group = this.group(call);
    const who = this.name(call) || word('unknown');
    const what = this.direction(call) === 'incoming' ? word('incoming-from', who) : word('originated', who);
    return what + (group ? `, ${word('for-group', group)}` : '');
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

/** The one call of a colleague that a supervisor listens to, or speaks in: a microphone is open there, so that none is ever lost sight of. */

/**
 * @typedef {import('../sdk/agent.js').Agent} Agent
 * @typedef {import('../sdk/index.js').EndReason} EndReason
 * @typedef {import('../sdk/supervision.js').Supervision} Supervision
 * @typedef {import('../sdk/supervision.js').SupervisionMode} SupervisionMode
 */

/**
 * What it tells the page.
 *
 * @typedef {object} SupervisingOwner
 * @property {() => void} changed it has begun, is another one, or is over
 * @property {(trouble: Error | EndReason | null) => void} tell what is wrong; null: nothing any more
 */

export class Supervising {
  #agent;
  #owner;
  /** @type {Supervision | null} */
  #present = null;
  /** Whether one is being asked for. The gateway gives one at a time: what a second click asked for would end where the first is heard. */
  #asking = false;

  /**
   * @param {Pick<Agent, 'supervise'>} agent
   * @param {SupervisingOwner} owner
   */
  constructor(agent, owner) {
    this.#agent = agent;
    this.#owner = owner;
  }

  /** Null: none. */
  get present() {
    return this.#present;
  }

  /**
   * Begins one, in the place of that of another call, or changes who hears the supervisor.
   *
   * @param {string} call the id of the colleague's call
   * @param {SupervisionMode} mode
   * @returns {Promise<void>} what is wrong the owner is told
   */
  async supervise(call, mode) {
    if (this.#asking) {
      return;
    }
    this.#owner.tell(null);
    try {
      if (this.#present?.of === call) {
        await this.#present.setMode(mode);
      } else {
        await this.#begin(call, mode);
      }
    } catch (error) {
      this.#owner.tell(/** @type {Error} */ (error));
    }
  }

  /**
   * @param {string} call
   * @param {SupervisionMode} mode
   */
  async #begin(call, mode) {
    this.#asking = true;
    try {
      this.#present?.hangup();
      const supervision = await this.#agent.supervise(call, mode);
      this.#present = supervision;
      supervision.addEventListener('established', () => this.#owner.changed());
      supervision.addEventListener('modechange', () => this.#owner.changed());
      supervision.addEventListener('ended', ({ reason }) => this.#onEnded(supervision, reason));
      this.#owner.changed();
    } finally {
      this.#asking = false;
    }
  }

  /**
   * @param {Supervision} supervision
   * @param {EndReason} reason
   */
  #onEnded(supervision, reason) {
    if (this.#present !== supervision) {
      return;
    }
    this.#present = null;
    this.#owner.tell(reason.failed ? reason : null);
    this.#owner.changed();
  }
}

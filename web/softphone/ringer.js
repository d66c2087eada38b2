/** When the bell rings and how: in the room, or as a knock in the ear of who talks. */

/**
 * @typedef {import('./bell.js').Bell} Bell
 * @typedef {import('./desk.js').Desk} Desk
 */

export class Ringer {
  #bell;
  #desk;
  #announcement;
  /** The key of the call that it rings for; empty: none. */
  #key = '';
  /** Whether it has only knocked for that one. */
  #quiet = false;

  /**
   * @param {Pick<Bell, 'ring' | 'stop'>} bell
   * @param {Pick<Desk, 'ringing' | 'active'>} desk
   * @param {(key: string) => string} announcement what is said of the call with this key
   */
  constructor(bell, desk, announcement) {
    this.#bell = bell;
    this.#desk = desk;
    this.#announcement = announcement;
  }

  /**
   * The desk has changed. The first call that waits for a decision is rung for once: what rings goes on, whatever begins beside it. A
   * knock is over in seconds: when there is no call any more to knock beside, it becomes a ring.
   */
  update() {
    const key = this.#desk.ringing?.key ?? '';
    const quiet = this.#desk.active !== null;
    if (!key) {
      this.#bell.stop();
    } else if (key !== this.#key || (this.#quiet && !quiet)) {
      this.#bell.ring(this.#announcement(key), quiet);
      this.#quiet = quiet;
    }
    this.#key = key;
  }
}

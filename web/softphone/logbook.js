/** Writes the calls of this page, and the notes on them, into the list of the last calls. */

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('./callers.js').Callers} Callers
 * @typedef {import('./recent.js').Recent} Recent
 */

/**
 * What is known of a call beside itself.
 *
 * @typedef {object} Page
 * @property {string} key of it on this page
 * @property {Call} call
 * @property {number} began milliseconds of the epoch
 * @property {number} ended 0: not yet
 * @property {string} note
 */

export class Logbook {
  #recent;
  #callers;
  #changed;

  /**
   * @param {() => Recent} recent the list of who is signed in
   * @param {Callers} callers
   * @param {() => void} changed the list is another
   */
  constructor(recent, callers, changed) {
    this.#recent = recent;
    this.#callers = callers;
    this.#changed = changed;
  }

  /** What was noted on a call before the page was loaded again. @param {Call} call */
  noteOn(call) {
    return this.#recent().entries().find(({ id }) => id === call.id)?.note ?? '';
  }

  /**
   * @param {Page} page
   * @param {string} note
   */
  note(page, note) {
    page.note = note;
    this.write(page);
    this.#recent().setNote(idOf(page), note);
    this.#changed();
  }

  /** @param {Page} page */
  write(page) {
    const { call, began, ended, note } = page;
    if (!call.id && !ended) {
      return; // the gateway has not named it yet
    }
    const answered = call.establishedAt?.getTime() ?? null;
    this.#recent().put({
      id: idOf(page),
      at: began,
      direction: this.#callers.direction(call),
      number: this.#callers.number(call),
      name: this.#callers.name(call),
      group: this.#callers.group(call),
      talkedMillis: answered === null ? null : (ended || Date.now()) - answered,
      cause: call.reason?.cause ?? '',
      note,
    });
    this.#changed();
  }
}

/** By which a call is found again after a reload. @param {Page} page */
const idOf = ({ call, began, key }) => call.id ?? `${began}-${key}`;

/** The last calls and the notes on them, in a storage of this browser and nowhere else. Bounded; a broken or full one loses the oldest. */

/**
 * @typedef {object} Entry
 * @property {string} id of the call
 * @property {number} at when it began, milliseconds of the epoch
 * @property {'incoming'|'outgoing'} direction
 * @property {string} number empty: unknown
 * @property {string} name
 * @property {string} group
 * @property {number | null} talkedMillis null: never answered
 * @property {string} cause why it ended
 * @property {string} note
 */

export const MOST_ENTRIES = 200;
export const MOST_NOTE = 2000; // characters
const MOST_TEXT = 120; // of a name or number: they come from outside

export class Recent {
  /** @type {Storage | undefined} */
  #storage;
  #key;

  /**
   * @param {Storage | undefined} storage undefined: nothing is kept
   * @param {string} owner whose calls: people who share a browser do not share these
   */
  constructor(storage, owner) {
    this.#storage = storage;
    this.#key = `ringdown.softphone.calls.${owner}`;
  }

  /** @returns {Entry[]} the latest first */
  entries() {
    try {
      const found = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]');
      return Array.isArray(found) ? found.filter(isEntry).slice(0, MOST_ENTRIES) : [];
    } catch {
      return []; // not ours, or a browser that keeps nothing
    }
  }

  /** Adds a call, or replaces what is known of it; a note that it has already stays. @param {Entry} entry */
  put(entry) {
    const entries = this.entries();
    const before = entries.find(({ id }) => id === entry.id);
    const bounded = { ...entry, number: cut(entry.number), name: cut(entry.name), group: cut(entry.group) };
    const rest = entries.filter((each) => each !== before);
    this.#write([{ ...bounded, note: (before?.note ?? entry.note).slice(0, MOST_NOTE) }, ...rest].sort((a, b) => b.at - a.at));
  }

  /**
   * @param {string} id
   * @param {string} note
   */
  setNote(id, note) {
    this.#write(this.entries().map((each) => (each.id === id ? { ...each, note: note.slice(0, MOST_NOTE) } : each)));
  }

  /** @param {string} id */
  remove(id) {
    this.#write(this.entries().filter((each) => each.id !== id));
  }

  clear() {
    this.#write([]);
  }

  /** @param {Entry[]} entries */
  #write(entries) {
    for (let kept = entries.slice(0, MOST_ENTRIES); ; kept = kept.slice(0, Math.floor(kept.length / 2))) {
      try {
        if (kept.length === 0) {
          this.#storage?.removeItem(this.#key);
        } else {
          this.#storage?.setItem(this.#key, JSON.stringify(kept));
        }
        return;
      } catch {
        if (kept.length === 0) {
          return; // this browser keeps nothing
        } // else it is full: the older half goes
      }
    }
  }
}

/**
 * The list of who is signed in. Whom the gateway has no account of nobody can tell from others who use this browser: what they do stays
 * in the tab.
 *
 * @param {string} user empty: the gateway knows nobody
 * @param {{lasting: Storage | undefined, tab: Storage | undefined}} storages of this browser, and of the tab
 */
export const recentOf = (user, { lasting, tab }) => (user ? new Recent(lasting, user) : new Recent(tab, ''));

/** The tab is somebody else's from now on. @param {{lasting: Storage | undefined, tab: Storage | undefined}} storages */
export function forgetNameless(storages) {
  for (const storage of Object.values(storages)) {
    new Recent(storage, '').clear(); // in the lasting one earlier pages kept it
  }
}

/** @param {string} text */
const cut = (text) => text.slice(0, MOST_TEXT);

/** @param {any} each @returns {each is Entry} */
const isEntry = (each) =>
  typeof each === 'object' && each !== null && typeof each.id === 'string' && typeof each.at === 'number' &&
  ['number', 'name', 'group', 'cause', 'note'].every((field) => typeof each[field] === 'string') &&
  (each.direction === 'incoming' || each.direction === 'outgoing') &&
  (each.talkedMillis === null || typeof each.talkedMillis === 'number');

/**
 * Which calls lie on the desk, and which one is the active one: the one that buttons without a card and shortcuts mean. Pure: it is told
 * what happens, and answers what the page should ask of the calls.
 *
 *     incoming → waiting for a decision, never active
 *     begun, accepted or chosen → active; who talked before is put on hold, unless the two are joined
 *     ended → stays until it is put away; another call of the desk is active then, and stays on hold until somebody resumes it
 */

/** @typedef {'incoming'|'begun'|'talking'|'ended'} CardState */

/**
 * @typedef {object} Card
 * @property {string} key
 * @property {CardState} state
 * @property {boolean} held whether this side holds it, or has asked to
 * @property {string} joined the key of the call that it is in a conference with; empty: none
 */

/** @typedef {{ask: 'hold'|'resume', key: string}} Wish */

const MOST_ENDED = 4; // the oldest goes: the list of the last calls has it

export class Desk {
  /** In the order in which they came. @type {Map<string, Card>} */
  #cards = new Map();
  /** Those that were active, the latest last. @type {string[]} */
  #turns = [];

  /** @returns {readonly Readonly<Card>[]} */
  get cards() {
    return [...this.#cards.values()];
  }

  /** @returns {Readonly<Card> | null} null: no call is under way */
  get active() {
    return this.#cards.get(this.#turns.at(-1) ?? '') ?? null;
  }

  /** The first that waits for a decision. @returns {Readonly<Card> | null} */
  get ringing() {
    return this.cards.find(({ state }) => state === 'incoming') ?? null;
  }

  /** Those under way, in their order. */
  get live() {
    return this.cards.filter(isLive);
  }

  /** @param {string} key @returns {Readonly<Card> | null} */
  card(key) {
    return this.#cards.get(key) ?? null;
  }

  /**
   * A call comes, or is begun.
   *
   * @param {string} key
   * @param {Exclude<CardState, 'ended'>} state
   * @param {boolean} [held]
   * @returns {Wish[]}
   */
  add(key, state, held = false) {
    if (this.#cards.has(key)) {
      return [];
    }
    this.#cards.set(key, { key, state, held, joined: '' });
    return state === 'incoming' ? [] : this.#takeTurn(key);
  }

  /**
   * Calls that are found again after a reload. Who is talked to, in a conference too, is talked to still: what is on hold is not active
   * unless all of them are.
   *
   * @param {{key: string, state: 'begun'|'talking', held: boolean, joined: string}[]} found `joined`: key of another one of these, or empty
   * @returns {Wish[]}
   */
  found(found) {
    const fresh = found.filter(({ key }) => !this.#cards.has(key));
    fresh.forEach(({ key, state, held }) => this.#cards.set(key, { key, state, held, joined: '' }));
    fresh.forEach(({ key, joined }) => this.#unite(key, joined));
    const [waiting, talked] = [true, false].map((on) => fresh.filter(({ held }) => held === on).map(({ key }) => key));
    this.#turns = [...waiting, ...this.#turns, ...talked];
    return this.#holdOthers();
  }

  /**
   * Somebody decides to take a call that rings; it may ring on if that fails.
   *
   * @param {string} key
   * @returns {Wish[]}
   */
  accept(key) {
    return this.#to(key, 'incoming', 'begun') ? this.#takeTurn(key) : [];
  }

  /** @param {string} key */
  ringsOn(key) {
    if (this.#to(key, 'begun', 'incoming')) {
      this.#leave(key);
    }
  }

  /**
   * The other side has answered.
   *
   * @param {string} key
   * @returns {Wish[]}
   */
  answered(key) {
    if (!this.#to(key, 'begun', 'talking')) {
      return [];
    }
    return this.active?.key === key ? [] : this.#hold(key); // somebody else is talked to by now
  }

  /**
   * The call is on hold, or not any more, as the gateway tells it.
   *
   * @param {string} key
   * @param {boolean} held
   */
  held(key, held) {
    const card = this.#cards.get(key);
    if (card && card.state !== 'ended') {
      card.held = held;
    }
  }

  /**
   * Somebody turns to a call: it is resumed, and who talked is put on hold.
   *
   * @param {string} key
   * @returns {Wish[]}
   */
  choose(key) {
    const card = this.#cards.get(key);
    if (!card || !isLive(card)) {
      return [];
    }
    const wishes = this.#takeTurn(key);
    return card.state === 'talking' && card.held ? [...wishes, this.#wish('resume', card)] : wishes;
  }

  /**
   * Hold, or end of it, of one call; whoever resumes a call turns to it.
   *
   * @param {string} key
   * @returns {Wish[]}
   */
  toggleHold(key) {
    const card = this.#cards.get(key);
    if (card?.state !== 'talking') {
      return [];
    }
    return card.held ? this.choose(key) : this.#hold(key);
  }

  /**
   * Two calls hear each other, or not any more.
   *
   * @param {string} key
   * @param {string} other
   * @param {boolean} on
   * @returns {Wish[]}
   */
  join(key, other, on) {
    const one = this.#cards.get(key);
    if (on) {
      this.#unite(key, other);
    } else if (one?.joined === other) {
      this.#part(one);
    }
    return this.#holdOthers();
  }

  /** @param {string} key @param {string} other */
  #unite(key, other) {
    const [one, two] = [this.#cards.get(key), this.#cards.get(other)];
    if (one?.state === 'talking' && two?.state === 'talking' && one !== two) {
      this.#part(one);
      this.#part(two);
      one.joined = other;
      two.joined = key;
    }
  }

  /**
   * @param {string} key
   * @returns {string[]} cards that make room for it
   */
  ended(key) {
    const card = this.#cards.get(key);
    if (!card || card.state === 'ended') {
      return [];
    }
    const other = this.#cards.get(card.joined);
    const wasActive = this.active === card;
    card.state = 'ended';
    card.held = false;
    this.#part(card);
    this.#leave(key);
    if (wasActive && other) {
      this.#leave(other.key);
      this.#turns.push(other.key); // who was in the conference is talked to still
    }
    const old = this.cards.filter(({ state }) => state === 'ended').slice(0, -MOST_ENDED).map((each) => each.key);
    old.forEach((each) => this.#cards.delete(each));
    return old;
  }

  /** Puts an ended call away. @param {string} key */
  putAway(key) {
    if (this.#cards.get(key)?.state === 'ended') {
      this.#cards.delete(key);
    }
  }

  /** @param {string} key @returns {Wish[]} */
  #takeTurn(key) {
    this.#leave(key);
    this.#turns.push(key);
    return this.#holdOthers();
  }

  /** @returns {Wish[]} hold, for all who talk and have no part in the active call */
  #holdOthers() {
    const active = this.active?.key;
    return this.live.filter(({ key, joined }) => key !== active && joined !== active).flatMap(({ key }) => this.#hold(key));
  }

  /** @param {string} key @returns {Wish[]} */
  #hold(key) {
    const card = this.#cards.get(key);
    return card?.state === 'talking' && !card.held ? [this.#wish('hold', card)] : [];
  }

  /** @param {'hold'|'resume'} ask @param {Card} card @returns {Wish} */
  #wish(ask, card) {
    card.held = ask === 'hold';
    return { ask, key: card.key };
  }

  /** @param {string} key */
  #leave(key) {
    this.#turns = this.#turns.filter((each) => each !== key);
  }

  /** @param {Card} card */
  #part(card) {
    const other = this.#cards.get(card.joined);
    card.joined = '';
    if (other) {
      other.joined = '';
    }
  }

  /** @param {string} key @param {CardState} from @param {CardState} to @returns {boolean} */
  #to(key, from, to) {
    const card = this.#cards.get(key);
    if (card?.state !== from) {
      return false;
    }
    card.state = to;
    return true;
  }
}

/** @param {Readonly<Card>} card */
const isLive = ({ state }) => state === 'begun' || state === 'talking';

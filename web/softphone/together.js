/** What two calls of this page have to do with each other: consultations, transfers, conferences. */

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('./board.js').Place} Place
 */

/**
 * What it needs of the board.
 *
 * @typedef {object} BoardView
 * @property {import('../sdk/agent.js').Agent} agent
 * @property {import('./desk.js').Desk} desk
 * @property {(key?: string) => Place | undefined} placeOf
 * @property {(place: Place) => {key: string}[]} others that are answered, the latest first
 * @property {(wishes: import('./desk.js').Wish[]) => void} obey
 * @property {(place: Place, error: unknown) => void} tell
 * @property {() => void} show
 */

export class Together {
  #board;

  /** @param {BoardView} board */
  constructor(board) {
    this.#board = board;
  }

  /**
   * @param {Place} place
   * @param {string | Call} to
   */
  async transfer(place, to) {
    try {
      await place.call.transfer(to);
    } catch (error) {
      this.#board.tell(place, error);
    }
  }

  /** The call that it is about goes to who was asked. @param {Place} consultation */
  async complete(consultation) {
    const about = this.#board.placeOf(consultation.consultFor);
    if (!about || about.ended) {
      consultation.consultFor = '';
      this.#board.show();
      return;
    }
    try {
      await about.call.transfer(consultation.call);
    } catch (error) {
      this.#board.tell(consultation, error);
    }
  }

  /** @param {Place} consultation */
  takeBack({ call, consultFor }) {
    call.hangup();
    this.#board.obey(this.#board.desk.choose(consultFor));
    this.#board.placeOf(consultFor)?.card.focus();
  }

  /** @param {Place} place */
  async join(place) {
    const { agent, desk } = this.#board;
    const other = this.#board.placeOf(this.#board.others(place)[0]?.key);
    try {
      if (desk.card(place.key)?.joined) {
        await agent.endConference(place.call);
      } else if (other) {
        for (const { key, call } of [place, other]) {
          if (desk.card(key)?.held) {
            await call.resume();
          }
        }
        await agent.conference(place.call, other.call);
      }
    } catch (error) {
      this.#board.tell(place, error);
      this.#board.obey(desk.join(place.key, other?.key ?? '', false)); // one of them waits again
      this.#board.show();
    }
  }
}

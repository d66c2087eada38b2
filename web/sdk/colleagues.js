/** Colleagues and groups, as the gateway tells of them. What is missing is empty. Pure. */

/**
 * A call of a colleague, as somebody who supervises them is told of it.
 *
 * @typedef {object} ColleagueCall
 * @property {string} call its id, for supervise()
 * @property {string} state
 * @property {string} with the number of the other side; empty: not known
 * @property {string} direction
 * @property {Date} since
 */

/**
 * @typedef {object} Colleague
 * @property {string} user
 * @property {string} name `user` where nobody has given another one
 * @property {string} extension empty: none
 * @property {readonly string[]} groups
 * @property {string} state `offline`, `available`, `away`, `busy`, `ringing`, `on-call`, `wrap-up`
 * @property {string} reason
 * @property {Date} since
 * @property {readonly ColleagueCall[]} calls only of who is supervised
 */

/** @typedef {{group: string, extension: string, waiting: number, longestSince: Date | null}} Group */

/** @param {unknown} value */
export const text = (value) => (typeof value === 'string' ? value : '');

/** @param {unknown} value @returns {readonly string[]} */
export const textsOf = (value) => Object.freeze(Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);

/** @param {unknown} value @returns {Record<string, unknown>[]} */
export const listOf = (value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each) : []);

/** @param {unknown} millis */
export const ago = (millis) => new Date(Date.now() - (typeof millis === 'number' ? millis : 0));

/** @param {Record<string, unknown>} told @returns {Readonly<Colleague>} */
export const colleagueOf = ({ user, name, extension, groups, state, reason, sinceMillis, calls }) =>
  Object.freeze({
    user: text(user),
    name: text(name) || text(user),
    extension: text(extension),
    groups: textsOf(groups),
    state: text(state),
    reason: text(reason),
    since: ago(sinceMillis),
    calls: Object.freeze(listOf(calls).map((each) => Object.freeze({
      call: text(each.call), state: text(each.state), with: text(each.with), direction: text(each.direction), since: ago(each.sinceMillis),
    }))),
  });

/** @param {Record<string, unknown>} told @returns {Readonly<Group>} */
export const groupOf = ({ group: name, extension, waiting, longestWaitMillis }) =>
  Object.freeze({
    group: text(name),
    extension: text(extension),
    waiting: typeof waiting === 'number' ? waiting : 0,
    longestSince: typeof longestWaitMillis === 'number' ? ago(longestWaitMillis) : null,
  });

/** @param {unknown} calls as a welcome has them @returns {Map<string, string>} those in a conference, with the other call of each */
export const conferencesIn = (calls) =>
  new Map(listOf(calls).filter(({ conference }) => text(conference)).map(({ call, conference }) => [text(call), text(conference)]));

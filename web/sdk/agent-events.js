/** The events of an agent, each with its own fields. */

/** `supervised` of an agent: somebody speaks in a call of this person, or does not any more. */
export class SupervisedEvent extends Event {
  /**
   * @param {string} call
   * @param {unknown} mode as the gateway writes it
   * @param {string} by
   */
  constructor(call, mode, by) {
    super('supervised');
    /** The id of the call. @readonly */
    this.call = call;
    /** `none`: nobody any more. @type {'whisper'|'barge'|'none'} @readonly */
    this.mode = mode === 'whisper' || mode === 'barge' ? mode : 'none';
    /** @readonly */
    this.by = by;
  }
}

/** `conferencechange` of an agent: whom the telephone of a call hears besides this person. */
export class ConferenceEvent extends Event {
  /**
   * @param {string} call
   * @param {string} other
   * @param {boolean} on
   */
  constructor(call, other, on) {
    super('conferencechange');
    /** The id of a call. @readonly */
    this.call = call;
    /** That of the other one. @readonly */
    this.with = other;
    /** Whether the two telephones hear each other from now on. @readonly */
    this.on = on;
  }
}

/** The calls of this page: the desk says what to ask of them, the cards show them, the list of the last calls remembers them. */
import { RingdownError, formatNumber } from '../sdk/index.js';
import { html } from '../demo/dom.js';
import { Callers } from './callers.js';
import { Card } from './card.js';
import { Desk } from './desk.js';
import { Logbook } from './logbook.js';
import { Ringer } from './ringer.js';
import { Together } from './together.js';
import { clock, trouble, word } from './words.js';

/**
 * @typedef {import('../sdk/agent.js').Agent} Agent
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('../sdk/index.js').RingdownClient} RingdownClient
 * @typedef {import('./bell.js').Bell} Bell
 * @typedef {import('./card.js').CardDeed} CardDeed
 * @typedef {import('./desk.js').Wish} Wish
 * @typedef {import('./recent.js').Recent} Recent
 * @typedef {import('./suggest.js').Known} Known
 */

/**
 * What the board needs of the page.
 *
 * @typedef {object} BoardOwner
 * @property {RingdownClient} client
 * @property {Agent} agent
 * @property {Bell} bell
 * @property {() => Recent} recent
 * @property {() => Known} known
 * @property {() => import('../sdk/index.js').MicrophoneChoice} microphone
 * @property {() => void} remembered the list of the last calls is another
 * @property {() => void} idle the focus has nowhere to be
 */

/** @typedef {{key: string, call: Call, card: Card, began: number, ended: number, consultFor: string, note: string}} Place */

const TICK_MILLIS = 1000;

export class Board {
  #owner;
  #desk = new Desk();
  /** @type {Map<string, Place>} */
  #places = new Map();
  #keys = 0;
  #list = html('calls');
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #ringer;
  #together;
  #callers;
  #logbook;

  /** @param {BoardOwner} owner */
  constructor(owner) {
    this.#owner = owner;
    this.#callers = new Callers(owner.agent, owner.known);
    this.#logbook = new Logbook(owner.recent, this.#callers, owner.remembered);
    this.#ringer = new Ringer(owner.bell, this.#desk, (key) => {
      const place = this.#placeOf(key);
      return place ? this.#callers.announcement(place.call) : '';
    });
    this.#together = new Together({
      agent: owner.agent,
      desk: this.#desk,
      placeOf: (key) => this.#placeOf(key),
      others: (place) => this.#others(place),
      obey: (wishes) => this.#obey(wishes),
      tell: (place, error) => this.#tell(place, error),
      show: () => this.#show(),
    });
    owner.agent.addEventListener('conferencechange', (event) => this.#onConference(event));
    owner.agent.addEventListener('supervised', ({ call, mode, by }) => {
      this.#placeOfId(call)?.card.say(mode === 'none' ? '' : word(`supervised-${mode}`, by));
    });
  }

  /** The calls that are under way or ring. */
  get busy() {
    return this.#desk.cards.some(({ state }) => state !== 'ended');
  }

  /**
   * Calls somebody.
   *
   * @param {string} to
   * @param {string} [consultFor] the key of the call that it is about
   * @returns {Promise<void>}
   * @throws {RingdownError} as client.call()
   */
  async dial(to, consultFor = '') {
    const call = await this.#owner.client.call({ to, microphone: this.#owner.microphone() });
    const place = this.#put(call, consultFor);
    this.#obey(this.#desk.add(place.key, 'begun'));
    this.#show();
    place.card.focus();
  }

  /** @param {Call} call that rings */
  incoming(call) {
    const place = this.#put(call);
    this.#desk.add(place.key, 'incoming');
    html('alarm').textContent = this.#callers.announcement(call);
    this.#owner.client.audio.stop(); // our own bell has a speaker of its own
    this.#ringer.update();
    this.#show();
  }

  /** @param {Call[]} calls that the page had before it was loaded again */
  resumed(calls) {
    const found = calls.filter(({ state }) => state !== 'incoming' && state !== 'ended').map((call) => this.#put(call));
    this.#obey(this.#desk.found(found.map(({ key, call }) => ({
      key,
      state: call.state === 'established' ? 'talking' : 'begun',
      held: call.heldBy === 'browser' || call.heldBy === 'both',
      joined: this.#placeOfId(this.#owner.agent.conferenceOf(call) ?? '')?.key ?? '',
    }))));
    this.#show();
  }

  // -- what shortcuts mean --

  pickUp() {
    const ringing = this.#placeOf(this.#desk.ringing?.key);
    if (ringing) {
      void this.#accept(ringing);
    }
  }

  refuse() {
    this.#placeOf(this.#desk.ringing?.key)?.call.reject();
  }

  /** @param {'hold'|'mute'|'hangup'|'join'} deed */
  ofActive(deed) {
    const place = this.#active;
    if (place && (place.call.state === 'established' || deed === 'hangup')) {
      this.#does(place, deed);
    }
  }

  /** @param {'keypad'|'transfer'} panel */
  togglePanel(panel) {
    this.#active?.card.toggle(panel);
  }

  note() {
    (this.#active ?? [...this.#places.values()].at(-1))?.card.focusNote();
  }

  /** @param {number} nth from 1, as they lie there */
  choose(nth) {
    const place = [...this.#places.values()].find(({ card }) => card.element === this.#list.children[nth - 1]);
    if (place) {
      this.#obey(this.#desk.choose(place.key));
      this.#show();
      place.card.focus();
    }
  }

  get #active() {
    return this.#placeOf(this.#desk.active?.key);
  }

  // -- calls --

  /**
   * @param {Call} call
   * @param {string} [consultFor]
   * @returns {Place}
   */
  #put(call, consultFor = '') {
    const key = `${++this.#keys}`;
    const kept = this.#logbook.noteOn(call);
    const card = new Card(call, {
      does: (deed, target) => this.#does(place, deed, target),
      transfer: (target) => void this.#together.transfer(place, target),
      handTo: (other) => void this.#together.transfer(place, this.#placeOf(other)?.call ?? ''),
      press: (digit) => void call.sendDigits(digit).catch((error) => this.#tell(place, error)),
      note: (note) => this.#logbook.note(place, note),
      known: () => this.#owner.known(),
    }, kept);
    /** @type {Place} */
    const place = { key, call, card, began: Date.now(), ended: 0, consultFor, note: kept };
    this.#places.set(key, place);
    this.#list.prepend(card.element);
    this.#listen(place);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MILLIS);
    return place;
  }

  /** @param {Place} place */
  #listen(place) {
    const { call, card, key } = place;
    const show = () => this.#show();
    call.addEventListener('statechange', () => {
      if (call.state === 'incoming') {
        this.#desk.ringsOn(key); // the acceptance has failed
      }
      show();
    });
    call.addEventListener('established', () => {
      this.#obey(this.#desk.answered(key));
      this.#announce(`${word('is-talking')}: ${this.#callers.name(call)}`);
      show();
    });
    call.addEventListener('held', ({ by }) => {
      if (by === 'browser') {
        this.#desk.held(key, true);
      }
      this.#announce(word(by === 'browser' ? 'is-held' : 'is-held-there'));
      show();
    });
    call.addEventListener('resumed', ({ by }) => {
      if (by === 'browser') {
        this.#desk.held(key, false);
      }
      show();
    });
    call.addEventListener('localmuted', show);
    call.addEventListener('localunmuted', show);
    call.addEventListener('transferring', ({ stage }) => card.say(word(stage === 'ringing' ? 'transfer-ringing' : 'transfer-asked')));
    call.addEventListener('transferred', ({ by, name, number }) =>
      card.say(by === 'browser' ? word('transfer-done') : word('they-transferred', name ?? formatNumber(number ?? ''))));
    call.addEventListener('transferfailed', ({ error }) => card.say(error ? trouble(error) : ''));
    call.addEventListener('error', ({ error }) => this.#tell(place, error));
    call.addEventListener('ended', () => this.#onEnded(place));
  }

  /** @param {Place} place */
  #onEnded(place) {
    const { call, key } = place;
    place.ended = Date.now();
    const old = this.#desk.ended(key);
    this.#logbook.write(place);
    this.#announce(`${this.#callers.name(call)}: ${call.reason ? trouble(call.reason) : ''}`);
    old.forEach((each) => this.#takeAway(each));
    this.#ringer.update();
    this.#show();
  }

  /** @param {import('../sdk/agent.js').ConferenceEvent} event */
  #onConference({ call, with: other, on }) {
    const [one, two] = [this.#placeOfId(call), this.#placeOfId(other)];
    if (one && two) {
      this.#obey(this.#desk.join(one.key, two.key, on));
      this.#show();
    }
  }

  /** @param {string} id */
  #placeOfId(id) {
    return [...this.#places.values()].find(({ call }) => call.id === id);
  }

  /** @param {string} [key] */
  #placeOf(key) {
    return this.#places.get(key ?? '');
  }

  /** @param {Wish[]} wishes */
  #obey(wishes) {
    for (const { ask, key } of wishes) {
      const place = this.#placeOf(key);
      place?.call[ask]().catch((error) => {
        this.#desk.held(key, ask === 'resume'); // it is as it was
        this.#tell(place, error);
        this.#show();
      });
    }
  }

  /**
   * @param {Place} place
   * @param {CardDeed} deed
   * @param {string} [target]
   */
  #does(place, deed, target = '') {
    const { call, key } = place;
    switch (deed) {
      case 'accept':
        void this.#accept(place);
        break;
      case 'decline':
        call.reject();
        break;
      case 'hangup':
        call.hangup();
        break;
      case 'mute':
        call.muted ? call.unmute() : call.mute();
        break;
      case 'hold':
        this.#obey(this.#desk.toggleHold(key));
        break;
      case 'join':
        void this.#together.join(place);
        break;
      case 'ask-first':
        this.dial(target, key).catch((error) => this.#tell(place, error));
        break;
      case 'complete':
        void this.#together.complete(place);
        break;
      case 'take-back':
        this.#together.takeBack(place);
        break;
      case 'again':
        this.dial(this.#callers.number(call)).catch((error) => this.#tell(place, error));
        break;
      case 'put-away':
        this.#desk.putAway(key);
        this.#takeAway(key);
        this.#owner.idle();
        break;
    }
    this.#show();
  }

  /** @param {Place} place */
  async #accept(place) {
    const { call, card, key } = place;
    try {
      this.#obey(this.#desk.accept(key));
      this.#ringer.update();
      this.#show();
      await call.accept({ microphone: this.#owner.microphone() });
    } catch (error) {
      this.#desk.ringsOn(key);
      this.#tell(place, error);
    }
    this.#show();
    card.focus();
  }

  /** @param {Place} place @returns {{key: string, name: string}[]} other calls that are answered, the latest first */
  #others(place) {
    return [...this.#places.values()].reverse()
      .filter((other) => other !== place && other.call.state === 'established')
      .map(({ key, call }) => ({ key, name: this.#callers.name(call) }));
  }

  // -- what is seen --

  #show() {
    const active = this.#desk.active?.key;
    for (const place of this.#places.values()) {
      const { card } = place;
      card.show(this.#shown(place, active));
    }
    html('calls-none').hidden = this.#places.size > 0;
  }

  /**
   * @param {Place} place
   * @param {string} [active]
   * @returns {import('./card.js').Shown}
   */
  #shown(place, active) {
    const { key, call, began, ended, consultFor } = place;
    const { held = false, joined = '' } = this.#desk.card(key) ?? {};
    const other = this.#placeOf(joined);
    const about = this.#placeOf(consultFor);
    return {
      call, began, ended, held,
      name: this.#callers.name(call),
      number: this.#callers.number(call),
      errand: this.#callers.errand(call),
      active: key === active,
      joined: other ? this.#callers.name(other.call) || word('unknown') : '',
      consultFor: about && !about.ended ? this.#callers.name(about.call) || word('unknown') : '',
      others: call.state === 'established' ? this.#others(place) : [],
      mayJoin: this.#owner.agent.self !== null,
    };
  }

  #tick() {
    for (const place of this.#places.values()) {
      if (!place.ended) {
        place.card.tick(this.#shown(place));
      }
    }
  }

  /** @param {string} text */
  #announce(text) {
    html('announcer').textContent = `${text} (${clock(new Date())})`; // the same twice is told twice
  }

  /** @param {Place} place @param {unknown} error */
  #tell(place, error) {
    place.card.say(trouble(error instanceof RingdownError ? error : new RingdownError('internal', { cause: error })));
  }

  /** @param {string} key */
  #takeAway(key) {
    this.#placeOf(key)?.card.element.remove();
    this.#places.delete(key);
    this.#show();
  }
}

/** What is seen of one call, and the buttons of it. */
import { formatNumber } from '../sdk/index.js';
import { CONTENT_MOS, UNHAPPY_MOS } from '../sdk/e-model.js';
import { make } from '../demo/dom.js';
import { PeopleField } from './people-field.js';
import { duration, fill, language, trouble, word } from './words.js';

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('../sdk/agent.js').Errand} Errand
 * @typedef {import('./suggest.js').Known} Known
 */

/** @typedef {'accept'|'decline'|'complete'|'take-back'|'mute'|'hold'|'join'|'hangup'|'again'|'put-away'|'ask-first'} CardDeed */

/**
 * What a card asks of the page.
 *
 * @typedef {object} CardOwner
 * @property {(deed: CardDeed, target?: string) => void} does
 * @property {(target: string) => void} transfer
 * @property {(key: string) => void} handTo another call of this page
 * @property {(digit: string) => void} press
 * @property {(note: string) => void} note
 * @property {() => Known} known
 */

/**
 * All that a card shows.
 *
 * @typedef {object} Shown
 * @property {Call} call
 * @property {string} name who it is
 * @property {string} number of the other side; empty: unknown
 * @property {Readonly<Errand> | null} errand
 * @property {boolean} active
 * @property {boolean} held by this side
 * @property {string} joined with whom it is in a conference; empty: none
 * @property {string} consultFor about whose call; empty: it is no consultation
 * @property {{key: string, name: string}[]} others who talk to this page besides
 * @property {boolean} mayJoin
 * @property {number} began milliseconds of the epoch
 * @property {number} ended the same; 0: it has not
 */

const MOST_PRESSES = 32;
const KEYS = [...'123456789*0#'];

export class Card {
  element;
  #owner;
  /** @type {Record<string, HTMLElement>} */
  #parts = {};
  /** @type {Record<string, HTMLButtonElement>} */
  #buttons = {};
  #field;
  /** @type {Map<number, HTMLElement>} */
  #presses = new Map();
  /** What is wrong, by its code. @type {Map<string, string>} */
  #warnings = new Map();

  /**
   * @param {Call} call
   * @param {CardOwner} owner
   * @param {string} note
   */
  constructor(call, owner, note) {
    this.#owner = owner;
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById('card'));
    this.element = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    fill(this.element);
    for (const part of this.element.querySelectorAll('[data-part]')) {
      const found = /** @type {HTMLElement} */ (part);
      this.#parts[found.dataset.part ?? ''] = found;
    }
    for (const each of this.element.querySelectorAll('button[data-deed]')) {
      const button = /** @type {HTMLButtonElement} */ (each);
      const deed = button.dataset.deed ?? '';
      this.#buttons[deed] = button;
      button.addEventListener('click', () => this.#does(deed));
    }
    this.#field = new PeopleField(this.#parts['transfer-field'], word('transfer-to'), () => owner.known());
    this.#parts.transfer.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#withTarget((target) => owner.transfer(target));
    });
    const area = this.#noteArea;
    area.value = note;
    area.addEventListener('input', () => owner.note(area.value));
    this.#keypad();
    this.#listen(call);
  }

  get #noteArea() {
    return /** @type {HTMLTextAreaElement} */ (this.#parts.note);
  }

  focus() {
    this.#parts.who.focus();
  }

  focusNote() {
    this.#noteArea.focus();
  }

  /** Opens or closes one of the panels. @param {'keypad'|'transfer'} name */
  toggle(name) {
    const panel = this.#parts[name];
    if (this.#buttons[name].hidden) {
      return;
    }
    panel.hidden = !panel.hidden;
    this.#buttons[name].setAttribute('aria-expanded', String(!panel.hidden));
    if (panel.hidden) {
      this.#buttons[name].focus();
    } else if (name === 'keypad') {
      this.#parts.keys.querySelector('button')?.focus();
    } else {
      this.#field.focus();
    }
  }

  /** One line about what was asked. @param {string} text */
  say(text) {
    this.#parts.line.textContent = text;
  }

  /** @param {Shown} shown */
  show(shown) {
    const { call, number, active, joined, ended } = shown;
    const state = stateOf(shown);
    const { element } = this;
    element.dataset.state = state;
    element.toggleAttribute('data-active', active);
    const parts = this.#parts;
    put(parts.state, joined ? word('is-conference', joined) : word(`is-${state}`));
    parts.active.hidden = !active;
    put(parts.who, shown.name || word('unknown'));
    element.setAttribute('aria-label', shown.name || word('unknown'));
    put(parts.what, [formatNumber(number), call.muted && !ended ? word('muted') : ''].filter((each) => each && each !== shown.name).join(' · '));
    put(parts.errand, errandWords(shown));
    this.#showButtons(shown, state);
    if (ended) {
      put(parts.line, call.reason ? trouble(call.reason) : '');
      this.#warnings.clear();
      this.#showWarning();
      parts.quality.hidden = parts.verdict.hidden = true;
    }
    this.tick(shown);
  }

  /** What the clock changes. @param {Shown} shown */
  tick({ call, began, ended }) {
    const start = call.establishedAt?.getTime() ?? (call.state === 'incoming' ? began : 0);
    put(this.#parts.time, start ? duration((ended || Date.now()) - start) : '');
  }

  /**
   * @param {Shown} shown
   * @param {string} state
   */
  #showButtons({ call, held, consultFor, others, joined, mayJoin }, state) {
    const talking = state === 'talking' || state === 'held' || state === 'held-there';
    const rings = state === 'incoming';
    const over = state === 'ended';
    const seen = {
      accept: rings, decline: rings,
      complete: talking && consultFor !== '', 'take-back': consultFor !== '' && !over,
      mute: talking, hold: talking, keypad: talking || state === 'early-media',
      transfer: talking && consultFor === '', join: talking && (joined !== '' || (mayJoin && others.length > 0)),
      hangup: !rings && !over, again: over, 'put-away': over,
    };
    const hadFocus = this.#parts.buttons.contains(document.activeElement);
    for (const [deed, visible] of Object.entries(seen)) {
      this.#buttons[deed].hidden = !visible;
    }
    if (hadFocus && /** @type {HTMLElement} */ (document.activeElement)?.hidden !== false) {
      this.focus(); // the button that had it is gone
    }
    put(this.#buttons.hold, word(held ? 'resume' : 'hold'));
    put(this.#buttons.join, word(joined ? 'part' : 'join'));
    this.#buttons.mute.setAttribute('aria-pressed', String(call.muted));
    this.#closeWhere('keypad', !seen.keypad);
    this.#closeWhere('transfer', !seen.transfer);
    const names = others.map(({ key, name }) => `${key} ${name}`).join();
    if (this.#parts['hand-to'].dataset.names !== names) {
      this.#parts['hand-to'].dataset.names = names;
      this.#parts['hand-to'].replaceChildren(...others.map(({ key, name }) => {
        const button = make('button', 'quiet', word('hand-to', name || word('unknown')));
        button.setAttribute('type', 'button');
        button.addEventListener('click', () => this.#owner.handTo(key));
        return button;
      }));
    }
  }

  /** @param {'keypad'|'transfer'} name @param {boolean} gone */
  #closeWhere(name, gone) {
    if (gone && !this.#parts[name].hidden) {
      const hadFocus = this.#parts[name].contains(document.activeElement);
      this.#parts[name].hidden = true;
      this.#buttons[name].setAttribute('aria-expanded', 'false');
      if (hadFocus) {
        this.focus();
      }
    }
  }

  /** @param {string} deed */
  #does(deed) {
    if (deed === 'keypad' || deed === 'transfer') {
      this.toggle(deed);
    } else if (deed === 'ask-first') {
      this.#withTarget((target) => this.#owner.does('ask-first', target));
    } else {
      this.#owner.does(/** @type {CardDeed} */ (deed));
    }
  }

  /** @param {(target: string) => void} use */
  #withTarget(use) {
    const { target } = this.#field;
    this.#field.mark(target === null);
    if (target === null) {
      this.say(this.#field.empty ? '' : word('nobody-meant'));
      this.#field.focus();
    } else {
      this.say('');
      use(target);
    }
  }

  #keypad() {
    this.#parts.keys.append(...KEYS.map((key) => {
      const button = make('button', '', key);
      button.setAttribute('type', 'button');
      button.addEventListener('click', () => this.#owner.press(key));
      return button;
    }));
    this.#parts.keypad.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.toggle('keypad');
      } else if (/^[0-9*#]$/.test(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
        this.#owner.press(event.key);
      }
    });
  }

  /** @param {Call} call */
  #listen(call) {
    call.addEventListener('localdtmf', ({ digit, ordinal }) => this.#addPress(digit, ordinal));
    call.addEventListener('dtmfreceipt', ({ ordinal, state }) => {
      const press = this.#presses.get(ordinal ?? -1);
      if (press) {
        mark(press, state);
      }
    });
    call.addEventListener('quality', (event) => this.#showQuality(event));
    call.addEventListener('warning', (event) => {
      this.#warnings.set(event.code, trouble(event));
      this.#showWarning();
    });
    call.addEventListener('warningcleared', ({ code }) => {
      this.#warnings.delete(code);
      this.#showWarning();
    });
  }

  #showWarning() {
    const [first = ''] = this.#warnings.values();
    put(this.#parts.warning, first);
    this.#parts.warning.hidden = first === '';
  }

  /** @param {import('../sdk/index.js').QualityEvent} event */
  #showQuality({ verdict, browser, telephone }) {
    if (this.element.dataset.state === 'ended') {
      return;
    }
    const { quality, verdict: line } = this.#parts;
    quality.hidden = false;
    showLeg(this.#parts['quality-you'], browser.mos);
    showLeg(this.#parts['quality-far'], telephone.mos);
    const { text, fault } = verdict; // the gateway speaks English
    put(line, language === 'en' ? text : fault ? trouble({ code: 'one-way-audio', text }) : '');
    line.hidden = line.textContent === '' || this.#warnings.has('one-way-audio'); // that says the same
    line.toggleAttribute('data-fault', fault);
  }

  /**
   * @param {string} digit
   * @param {number | null} ordinal
   */
  #addPress(digit, ordinal) {
    const press = make('li', '', digit, make('span', 'unseen', ''));
    mark(press, 'waiting');
    this.#parts.presses.append(press);
    if (ordinal !== null) {
      this.#presses.set(ordinal, press);
      this.#presses.delete(ordinal - MOST_PRESSES);
    }
    if (this.#parts.presses.childElementCount > MOST_PRESSES) {
      this.#parts.presses.firstElementChild?.remove();
    }
  }
}

/** @param {Shown} shown */
function stateOf({ call, held, ended }) {
  if (ended) {
    return 'ended';
  }
  if (call.state === 'established') {
    return held ? 'held' : call.heldBy ? 'held-there' : 'talking';
  }
  return call.state;
}

/** @param {Shown} shown */
function errandWords({ errand, consultFor }) {
  if (consultFor) {
    return word('consulting', consultFor);
  }
  const { group, waitedMillis, originated, to, transferredBy } = errand ?? { group: '', waitedMillis: null, originated: false, to: '', transferredBy: '' };
  return [
    originated ? word('originated', formatNumber(to)) : '',
    group ? word('for-group', group) : '',
    waitedMillis !== null ? word('waited', duration(waitedMillis)) : '',
    transferredBy ? word('by-transfer', transferredBy) : '',
  ].filter(Boolean).join(' · ');
}

/**
 * Text that is the same is not written again: a screen reader would read it again.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
function put(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

/**
 * @param {HTMLElement} press
 * @param {import('../sdk/receipts.js').PressState} state
 */
function mark(press, state) {
  press.dataset.state = state;
  press.title = word(`press-${state}`);
  put(/** @type {HTMLElement} */ (press.lastElementChild), ` ${press.title}`);
}

/**
 * @param {HTMLElement} place
 * @param {number | null} mos
 */
function showLeg(place, mos) {
  const grade = mos === null ? 'not-known' : mos >= CONTENT_MOS ? 'good' : mos >= UNHAPPY_MOS ? 'fair' : 'poor';
  place.dataset.grade = grade;
  put(place, word(/** @type {string} */ (grade)));
}

/** `<ringdown-call to="+49…">`: a button that calls, and what one needs while talking. */
import { RingdownClient } from '../sdk/client.js';
import { RingdownError } from '../sdk/errors.js';
import { dress } from './look.js';
import { TEXTS, concerns, tell } from './texts.js';

/**
 * In the order that a call passes them. `microphone`: the browser asks the person whether the page may have it.
 *
 * @typedef {'idle'|'connecting'|'microphone'|'ringing'|'talking'|'ended'} State
 * @typedef {import('../sdk/call.js').Call} Call
 * @typedef {import('./texts.js').Texts} Texts
 * @typedef {import('./texts.js').Told} Told
 */

/** What the later states of a call of the SDK are here; those before are `connecting`. @type {Readonly<Record<string, State>>} */
const STATES = { ringing: 'ringing', 'early-media': 'ringing', established: 'talking' };

const HANDSET = 'M4 3h4l2 5-2.5 2a13 13 0 0 0 6.5 6.5L16 14l5 2v4q0 1-1 1Q4 20 3 4 3 3 4 3z';
const KEYS = '123456789*0#';

/** For so long a browser may take for a microphone that it need not ask for. */
const ASKING_MILLIS = 300;
/** For so long a button that has just got another meaning takes no click: it was meant for the one before. */
const SETTLING_MILLIS = 500;
/** For so long the SDK is left to play the tone of a line that is busy. */
const TONE_MILLIS = 5000;
/** For so long after a reload its call is looked for: a gateway keeps it no longer, unless it is told to. */
const RESUMING_MILLIS = 10_000;

/** Outside of browsers, where pages are made beforehand, the module can be loaded and does nothing. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? Object);

export class RingdownCall extends Base {
  /** What the element says, by language; add to it, or change it, before the element is in the page. */
  static texts = TEXTS;
  static observedAttributes = ['label', 'lang', 'hide-keypad'];

  /** @type {State} */
  #state = 'idle';
  /** @type {RingdownClient | null} */
  #client = null;
  /** @type {Call | null} */
  #call = null;
  /** @type {Texts} */
  #texts = {};
  /** How the last call ended. @type {Told | null} */
  #told = null;
  /** What is wrong just now. @type {Told | null} */
  #warning = null;
  #turnedAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  #internals = this.attachInternals?.();

  #label = make('slot', { name: 'label' });
  #hangup = make('b', {});
  /** Slots show before a call, what stands beside them in one. */
  #main = make(
    'button',
    {},
    make('slot', { name: 'icon' }, handset()),
    handset(),
    make('span', { part: 'label' }, this.#label, this.#hangup),
  );
  #status = make('p', { part: 'status', role: 'status' });
  #time = make('span', { part: 'time' });
  #notice = make('p', { part: 'notice', role: 'status' });
  #mute = make('button', { part: 'control mute' });
  #toggle = make('button', { part: 'control keypad-button' });
  #controls = make('div', { part: 'controls' }, this.#mute, this.#toggle);
  #keypad = make('div', { part: 'keypad', role: 'group' }, ...[...KEYS].map(key));
  #panel = make('div', { part: 'panel' }, this.#status, this.#time, this.#notice, this.#controls, this.#keypad);
  #box = make('div', { part: 'box' }, make('slot', { name: 'header' }), this.#main, this.#panel);

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    dress(root);
    root.append(this.#box);
    this.#keypad.hidden = true;
    this.#main.addEventListener('click', ({ timeStamp }) => {
      if (timeStamp - this.#turnedAt > SETTLING_MILLIS) {
        void (this.#busy ? this.hangup() : this.call());
      }
    });
    this.#mute.addEventListener('click', () => (this.#call?.muted ? this.#call.unmute() : this.#call?.mute()));
    this.#toggle.addEventListener('click', () => this.#showKeypad(this.#keypad.hidden === true));
    this.#keypad.addEventListener('click', ({ target }) => target instanceof HTMLButtonElement && this.#press(target));
    this.#box.addEventListener('keydown', (event) => this.#onKey(event));
  }

  connectedCallback() {
    if (this.#state === 'idle') {
      this.#show('idle');
      if (this.#mark('getItem')) {
        void this.#resume();
      }
    }
  }

  disconnectedCallback() {
    setTimeout(() => {
      if (!this.isConnected) {
        this.hangup(); // taken out, not moved: nobody could end the call any more
      }
    });
  }

  attributeChangedCallback() {
    this.#render();
    this.#say(this.#state);
  }

  /** The client of the call that is under way or was last; null before the first. */
  get client() {
    return this.#client;
  }

  /** The call; null while the gateway has not been asked for one yet, and when it has ended. */
  get activeCall() {
    return this.#call;
  }

  /** Words of this element alone, by the keys of {@link RingdownCall.texts}. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.attributeChangedCallback();
  }

  /**
   * Calls, unless a call is under way. Best called from a click.
   *
   * @returns {Promise<void>} when the gateway has been asked, or it has failed: the events tell
   */
  async call() {
    if (this.#busy) {
      return;
    }
    const client = this.#open();
    const here = () => client === this.#client && this.#busy;
    const to = this.getAttribute('to') ?? '';
    let asking;
    this.#enter('connecting');
    try {
      await client.connect({ to });
      asking = setTimeout(() => here() && this.#enter('microphone'), ASKING_MILLIS);
      const call = await client.call({ to, name: this.getAttribute('name') ?? undefined });
      if (here()) {
        this.#follow(call);
      }
    } catch (error) {
      if (here()) {
        this.#over(error);
      }
    } finally {
      clearTimeout(asking);
    }
  }

  /** Ends the call, or gives it up, in any state. */
  hangup() {
    if (this.#call) {
      this.#call.hangup(); // its `ended` follows at once
    } else if (this.#busy) {
      this.#client?.close();
      this.#over(new RingdownError('cancelled'));
    }
  }

  get #busy() {
    return this.#state !== 'idle' && this.#state !== 'ended';
  }

  /** By which this element's call is found again after a reload. */
  get #name() {
    return `element.${this.id || this.getAttribute('to')}`;
  }

  /** @returns {RingdownClient} a new one, as the attributes are now */
  #open() {
    clearTimeout(this.#leaving);
    this.#client?.close();
    const tokenUrl = this.getAttribute('token-url');
    const url = this.getAttribute('gateway') ?? new URL('/', import.meta.url).href;
    this.#client = new RingdownClient({ url, resume: this.#name, tokenPer: 'call', ...(tokenUrl ? { tokenUrl } : {}) });
    return this.#client;
  }

  /** After a reload: the call that this element had. */
  async #resume() {
    const client = this.#open();
    client.addEventListener('resumed', ({ calls }) => this.#follow(calls[0]));
    this.#enter('connecting');
    this.#leaving = setTimeout(() => client.close(), RESUMING_MILLIS);
    await client.connect({ persistent: true }).catch(() => {}); // the call is lost then
    if (client === this.#client && this.#busy) {
      clearTimeout(this.#leaving);
      if (client.elsewhere) { // this tab is a copy: the call goes on in the other
        this.#mark('removeItem');
        this.#enter('idle');
        client.close();
      } else if (!this.#call) {
        this.#over(new RingdownError('socket-lost'));
      }
    }
  }

  /** @param {Call} call */
  #follow(call) {
    this.#call = call;
    this.#mark('setItem');
    const on = (/** @type {string} */ types, /** @type {(event: any) => void} */ listener) =>
      types.split(' ').forEach((type) => call.addEventListener(type, listener));
    const enter = () => this.#enter(STATES[call.state] ?? 'connecting');
    on('statechange', () => call.state !== 'ended' && enter());
    on('ended', ({ reason }) => this.#over(reason));
    on('localmuted localunmuted', () => this.#render());
    on('warning', (event) => this.#warn(event));
    on('warningcleared', ({ code }) => {
      if (this.#warning?.code === code) {
        this.#warning = null;
        this.#render();
      }
    });
    on('error', ({ error }) => this.#warn(error));
    on('mediainterrupted', () => this.#say('connecting'));
    on('mediarestored', () => this.#say(this.#state));
    enter();
  }

  /** @param {any} why a RingdownError, or the reason of an ended call */
  #over(why) {
    const { cause, code = cause, message, text = message, hint, retryable } = why;
    this.#told = { code, text, hint, retryable };
    this.#call = null;
    this.#warning = null;
    this.#mark('removeItem');
    if (this.shadowRoot?.activeElement) {
      this.#main.focus(); // the other buttons go
    }
    this.#leaving = setTimeout(() => this.#client?.close(), TONE_MILLIS);
    this.#enter('ended');
    this.#dispatch('ended', this.#told);
  }

  /** @param {State} state */
  #enter(state) {
    if (state !== this.#state) {
      const busy = this.#busy;
      this.#state = state;
      if (busy !== this.#busy) {
        this.#turnedAt = performance.now();
      }
      this.#show(state);
      this.#dispatch('state', { state });
    }
  }

  /** @param {State} state */
  #show(state) {
    this.setAttribute('data-state', state);
    try {
      this.#internals.states.clear();
      this.#internals.states.add(state);
    } catch {
      // a browser without custom states, or with the first kind of them: data-state says the same
    }
    clearInterval(this.#clock);
    if (state === 'talking') {
      this.#clock = setInterval(() => this.#tick(), 1000);
    } else {
      this.#keypad.hidden = true;
    }
    this.#render();
    this.#say(state);
  }

  /** @param {State} state what to say; a screen reader reads it out */
  #say(state) {
    const words = this.#words();
    const text = state === 'ended' && this.#told ? tell(words, this.#told) : words[state] ?? '';
    write(this.#status, text);
  }

  /** @param {any} what an event or an error */
  #warn({ code, message, text = message, hint }) {
    const warning = { code, text, hint };
    if (concerns(code)) {
      this.#warning = warning;
      this.#render();
    }
    this.#dispatch('warning', warning);
  }

  #render() {
    const words = this.#words();
    const call = this.#call;
    this.#main.setAttribute('part', this.#busy ? 'button hangup' : 'button call');
    this.#label.textContent = this.getAttribute('label') || words.call;
    this.#hangup.textContent = words.hangup;
    this.#mute.textContent = words.mute;
    this.#mute.setAttribute('aria-pressed', `${call?.muted === true}`);
    this.#toggle.textContent = words.keypad;
    this.#toggle.hidden = this.hasAttribute('hide-keypad');
    this.#toggle.setAttribute('aria-expanded', `${!this.#keypad.hidden}`);
    this.#keypad.setAttribute('aria-label', words.keypad);
    this.#controls.hidden = call?.state !== 'established' && call?.state !== 'early-media';
    write(this.#notice, this.#warning ? tell(words, this.#warning) : '');
    this.#tick();
  }

  /** The clock is looked at, not read out. */
  #tick() {
    const since = this.#state === 'talking' && this.#call?.establishedAt;
    const seconds = since ? Math.floor((Date.now() - since.getTime()) / 1000) : 0;
    this.#time.hidden = !since;
    this.#time.textContent = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
  }

  /** @returns {Texts} in the language of the element, of what it stands in, of the browser, or English */
  #words() {
    const near = this.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang;
    const wanted = [near, ...navigator.languages, 'en'].flatMap((tag) => [tag, tag.split('-')[0]]);
    const language = wanted.find((tag) => Object.hasOwn(RingdownCall.texts, tag)) ?? 'en';
    this.#box.lang = language;
    return { ...RingdownCall.texts.en, ...RingdownCall.texts[language], ...this.#texts };
  }

  /** @param {boolean} shown */
  #showKeypad(shown) {
    this.#keypad.hidden = !shown;
    this.#render();
    /** @type {HTMLElement} */ (shown ? this.#keypad.firstChild : this.#toggle).focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { key, target } = event;
    if (key === 'Escape' && !this.#keypad.hidden) {
      event.stopPropagation(); // a dialog around stays open
      this.#showKeypad(false);
    } else if (this.#keypad.contains(/** @type {Node} */ (target)) && KEYS.includes(key) && !event.repeat && !event.ctrlKey && !event.metaKey) {
      const button = /** @type {HTMLButtonElement} */ (this.#keypad.children[KEYS.indexOf(key)]);
      button.focus();
      this.#press(button);
    }
  }

  /** @param {HTMLButtonElement} button */
  #press(button) {
    this.#call?.sendDigits(`${button.textContent}`).catch((error) => this.#warn(error));
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(`ringdown-${name}`, { bubbles: true, composed: true, detail }));
  }

  /**
   * Whether there is a call to be found again, in the storage of the tab.
   *
   * @param {'getItem'|'setItem'|'removeItem'} method
   */
  #mark(method) {
    try {
      return sessionStorage[method](`ringdown.${this.#name}`, '1');
    } catch {
      return null; // a browser that keeps nothing: the call is lost with the page
    }
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {Node[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

/**
 * Into a live region: what has not changed is not said again.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** @param {string} digit */
function key(digit) {
  const button = make('button', { part: 'key' });
  button.textContent = digit;
  return button;
}

function handset() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', HANDSET);
  svg.append(path);
  return svg;
}

/** The telephone itself: number field, pad and buttons before a call, what the call says during it, why it ended after. */
import { countryOf, formatAsTyped, formatNumber, normaliseNumber } from '../sdk/index.js';
import { button, element, html } from './dom.js';
import { Menu } from './menu.js';
import { Pad } from './pad.js';
import { Presses } from './presses.js';
import { Scope } from './scope.js';
import { Transfer } from './transfer.js';
import { HOLDS, pressWords, roadWords } from './words.js';

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('../sdk/call.js').CallState} CallState
 * @typedef {import('../sdk/errors.js').EndReason} EndReason
 */

/** What the phone asks of the page. @typedef {{dial: (number: string) => void, again: () => void}} PhoneOwner */

/** @type {Readonly<Record<CallState, string>>} */
const STATES = {
  incoming: 'Answering…',
  connecting: 'Connecting…',
  trying: 'Dialling…',
  ringing: 'Ringing…',
  'early-media': 'Not answered yet, but speaking',
  established: 'Connected',
  ended: 'Ended',
};

const SIDES = {
  none: '',
  caller: 'on your side',
  callee: 'on their side',
  trunk: 'in the telephone network',
  gateway: 'in the gateway',
  network: 'in the network between',
};

const LONG_NUMBER = 17; // characters that fit the field at full size
const DOUBLE_CLICK_MILLIS = 400;
const TYPED_KEYS = /^[0-9*#]$/;

export class Phone {
  #section = html('phone');
  #number = element('number', HTMLInputElement);
  #note = html('number-note');
  #scope = new Scope();
  #presses = new Presses();
  #menu = new Menu();
  #transfer = new Transfer();
  #pad = new Pad((key) => this.#onKey(key));
  /** @type {PhoneOwner} */
  #owner;
  /** @type {Call | null} */
  #call = null;
  /** What hangs up while there is no call yet. @type {(() => void) | null} */
  #giveUp = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  /** When what can be seen last changed. */
  #shownAt = 0;

  /** @param {PhoneOwner} owner */
  constructor(owner) {
    this.#owner = owner;
    this.#number.addEventListener('input', () => this.#onInput());
    element('dialer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#dial();
    });
    button('delete').addEventListener('click', () => this.#delete());
    button('mute').addEventListener('click', () => this.#toggleMute());
    button('hold').addEventListener('click', () => this.#toggleHold());
    button('hangup').addEventListener('click', () => this.#hangup());
    button('again').addEventListener('click', () => owner.again());
    button('done').addEventListener('click', () => this.showDialer());
    document.addEventListener('keydown', (event) => this.#onTyped(event));
    html('actions').addEventListener('click', (event) => this.#ignoreSecondClick(event), { capture: true });
  }

  /** Whether a call is on. */
  get busy() {
    return this.#section.dataset.view === 'call';
  }

  /** @param {boolean} ready whether the gateway can be asked for a call */
  enable(ready) {
    button('dial').disabled = !ready;
    button('again').disabled = !ready;
  }

  /** The number field, for the next call. */
  showDialer() {
    this.#show('idle');
    this.#scope.stop();
    this.#pad.holdForPlus = true;
    this.#number.focus();
  }

  /** @param {string} number */
  setNumber(number) {
    this.#number.value = formatNumber(number);
    this.#tellCountry();
  }

  /**
   * A call is being made; the microphone may be asked for now.
   *
   * @param {string} over
   * @param {string} peer
   * @param {() => void} giveUp
   */
  showDialling(over, peer, giveUp) {
    this.#giveUp = giveUp;
    this.#call = null;
    html('direction').textContent = over;
    html('peer').textContent = peer;
    html('timer').textContent = '';
    this.#presses.clear();
    this.#menu.follow(null);
    this.#transfer.follow(null);
    html('digits-received').textContent = '';
    html('digit-road').textContent = '';
    this.#showMuted(false);
    this.#showHeld(null);
    this.#pad.holdForPlus = false;
    this.#tell('Asking for the microphone…');
    this.#scope.start(() => this.#call?.levels() ?? { own: 0, far: 0 });
    this.#show('call');
    html('peer').focus();
  }

  /** @param {Call} call */
  showCall(call) {
    this.#call = call;
    this.#onState(call);
    this.#showMuted(call.muted);
    call.addEventListener('statechange', () => this.#onState(call));
    call.addEventListener('localmuted', () => this.#showMuted(true));
    call.addEventListener('localunmuted', () => this.#showMuted(false));
    for (const turn of /** @type {const} */ (['held', 'resumed'])) {
      call.addEventListener(turn, () => {
        this.#showHeld(call);
        this.#tellState(call);
      });
    }
    this.#presses.follow(call);
    this.#menu.follow(call);
    this.#transfer.follow(call);
    call.addEventListener('dtmfreceipt', (receipt) => {
      if (receipt.state === 'failed' && call === this.#call) {
        this.#tellQuietly(`A digit ${pressWords(receipt)}`);
      }
    });
    call.addEventListener('dtmfroad', ({ road, why }) => this.#showRoad(road, why));
    call.addEventListener('dtmf', (event) => {
      html('digits-received').textContent += event.digit;
    });
    call.addEventListener('mediainterrupted', () => this.#tell('The sound is interrupted…'));
    call.addEventListener('mediarestored', () => this.#tellState(call));
    call.addEventListener('signalinglost', () => this.#tell('The gateway is out of reach; the call goes on…'));
    call.addEventListener('signalingrestored', () => this.#tellState(call));
    call.addEventListener('playbackblocked', () => this.#tell('Touch the page to hear the other side'));
  }

  /**
   * @param {string} peer
   * @param {Pick<EndReason, 'text'|'hint'|'failed'|'retryable'> & Partial<EndReason>} reason
   * @param {number | null} lastedMillis null: it was never answered
   */
  showEnded(peer, reason, lastedMillis) {
    const focused = this.#section.contains(document.activeElement);
    clearInterval(this.#clock);
    this.#scope.stop();
    this.#call = null;
    this.#giveUp = null;
    html('ended-peer').textContent = peer;
    html('ended-title').textContent = reason.text;
    html('ended-hint').textContent = reason.hint;
    html('ended-facts').textContent = facts(reason, lastedMillis);
    this.#tellQuietly(`${reason.text} ${reason.hint}`);
    const worthwhile = reason.retryable || !reason.failed;
    button('again').hidden = !worthwhile;
    this.#show('ended');
    if (focused) {
      button(worthwhile ? 'again' : 'done').focus();
    }
  }

  /** @param {string} text what the state line says */
  say(text) {
    this.#tell(text);
  }

  #dial() {
    const number = normaliseNumber(this.#number.value);
    if (number) {
      this.#owner.dial(number);
      return;
    }
    this.#note.dataset.wrong = '';
    this.#number.setAttribute('aria-invalid', 'true');
    this.#note.textContent = this.#number.value
      ? 'Write it with + and the country code: +44 20 7946 0000'
      : 'Type a number first, with + and the country code';
    this.#tellQuietly(this.#note.textContent);
    this.#number.focus();
  }

  #onInput() {
    const { text, caret } = formatAsTyped(this.#number.value, this.#number.selectionStart ?? this.#number.value.length);
    this.#number.value = text;
    this.#number.setSelectionRange(caret, caret);
    this.#tellCountry();
  }

  #tellCountry() {
    delete this.#note.dataset.wrong;
    this.#number.removeAttribute('aria-invalid');
    this.#number.dataset.length = this.#number.value.length > LONG_NUMBER ? 'long' : '';
    const bare = this.#number.value.replaceAll(' ', '');
    this.#note.textContent = countryOf(bare) || (bare.startsWith('+') ? '' : 'With + and the country code');
  }

  #delete() {
    const bare = this.#number.value.replaceAll(' ', '').slice(0, -1);
    this.setNumber(bare);
    this.#number.focus();
  }

  /** @param {string} key of the pad */
  #onKey(key) {
    if (this.busy) {
      this.#press(key);
      return;
    }
    if (this.#section.dataset.view === 'ended') {
      this.showDialer();
    }
    const { text } = formatAsTyped(this.#number.value + key, this.#number.value.length + 1);
    this.#number.value = text;
    this.#tellCountry();
    this.#tellQuietly(text);
  }

  /** @param {KeyboardEvent} event */
  #onTyped(event) {
    const typing = event.target instanceof HTMLInputElement;
    if (typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (this.busy && TYPED_KEYS.test(event.key)) {
      event.preventDefault();
      this.#pad.light(event.key);
      this.#press(event.key);
    }
  }

  /** @param {string} key */
  #press(key) {
    this.#call?.sendDigits(key).catch((error) => {
      this.#tellQuietly(error.message);
    });
  }

  #toggleMute() {
    if (this.#call?.muted) {
      this.#call.unmute();
    } else {
      this.#call?.mute();
    }
  }

  /** @param {boolean} muted */
  #showMuted(muted) {
    button('mute').setAttribute('aria-pressed', String(muted));
    element('mute-icon', SVGUseElement).setAttribute('href', muted ? '#icon-mic-off' : '#icon-mic');
    html('muted').hidden = !muted;
  }

  #toggleHold() {
    const call = this.#call;
    if (call) {
      const done = holds(call) ? call.resume() : call.hold();
      done.catch((error) => {
        if (call === this.#call) {
          this.#tellQuietly(error.message);
        }
      });
    }
  }

  /** @param {Call | null} call null: not yet */
  #showHeld(call) {
    const held = call !== null && holds(call);
    button('hold').disabled = call?.state !== 'established';
    button('hold').toggleAttribute('data-on', held);
    element('hold-icon', SVGUseElement).setAttribute('href', held ? '#icon-resume' : '#icon-hold');
    html('hold-text').textContent = held ? 'Resume' : 'Hold';
  }

  /** @param {Call} call */
  #tellState(call) {
    this.#tell(call.heldBy ? HOLDS[call.heldBy] : STATES[call.state]);
  }

  #hangup() {
    if (this.#call) {
      this.#call.hangup();
    } else {
      this.#giveUp?.();
    }
  }

  /** @param {Call} call */
  #onState(call) {
    if (call.state === 'ended') {
      return;
    }
    this.#tellState(call);
    if (call.state === 'established') {
      this.#showHeld(call);
      this.#startClock(call);
    }
  }

  /** @param {Call} call */
  #startClock(call) {
    const timer = html('timer');
    const tick = () => {
      timer.textContent = length(Date.now() - (call.establishedAt?.getTime() ?? Date.now()));
    };
    tick();
    this.#clock = setInterval(tick, 250);
  }

  /**
   * @param {import('../sdk/receipts.js').DigitRoad} road
   * @param {string} why
   */
  #showRoad(road, why) {
    const line = html('digit-road');
    line.textContent = roadWords(road);
    line.title = why;
    line.toggleAttribute('data-wrong', road === 'none');
    if (road === 'none') {
      this.#tellQuietly(`${line.textContent}. ${why}`);
    }
  }

  /** @param {'idle'|'call'|'ended'} view */
  #show(view) {
    this.#section.dataset.view = view;
    this.#shownAt = performance.now();
  }

  /** The second half of a double click would hit whatever button has just come to stand there. @param {MouseEvent} event */
  #ignoreSecondClick(event) {
    const byPointer = event.detail > 0;
    if (byPointer && performance.now() - this.#shownAt < DOUBLE_CLICK_MILLIS) {
      event.stopPropagation();
      event.preventDefault();
    }
  }

  /** Shown, and spoken by a screen reader. @param {string} text */
  #tell(text) {
    html('state').textContent = text;
    this.#tellQuietly(text);
  }

  /** Spoken only. @param {string} text */
  #tellQuietly(text) {
    html('announcer').textContent = text;
  }
}

/** Whether this page holds it. @param {Call} call */
function holds({ heldBy }) {
  return heldBy === 'browser' || heldBy === 'both';
}

/** @param {number} millis */
function length(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * @param {Partial<EndReason>} reason
 * @param {number | null} lastedMillis
 */
function facts(reason, lastedMillis) {
  return [
    lastedMillis === null ? '' : `${length(lastedMillis)} long`,
    reason.failed ? SIDES[reason.blame ?? 'none'] : '',
    reason.failed ? (reason.cause ?? '') : '',
    reason.failed && reason.sip ? `SIP ${reason.sip}` : '',
    reason.failed && reason.q850 ? `Q.850 ${reason.q850}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

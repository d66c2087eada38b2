/** The incoming call: a dialog, the bell of the SDK, the title of a hidden tab, a notification where allowed. */
import { countryOf, formatNumber } from '../sdk/index.js';
import { button, element, html } from './dom.js';

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {import('../sdk/index.js').RingdownClient} RingdownClient
 */

const FLASH_MILLIS = 1000;
const SOUND_GRACE_MILLIS = 300; // a context that may sound needs a moment to start

export class IncomingCall {
  #dialog = element('incoming', HTMLDialogElement);
  /** @type {RingdownClient} */
  #client;
  /** @type {(call: Call) => void} */
  #onAccept;
  /** @type {Call | null} */
  #call = null;
  #title = document.title;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #flash;
  /** @type {Notification | null} */
  #notification = null;

  /**
   * @param {RingdownClient} client
   * @param {(call: Call) => void} onAccept the person wants it
   */
  constructor(client, onAccept) {
    this.#client = client;
    this.#onAccept = onAccept;
    button('accept').addEventListener('click', () => this.#accept());
    button('decline').addEventListener('click', () => this.#call?.reject());
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault(); // Escape only stops the bell: the call waits for a decision
      client.audio.stop();
    });
    this.#dialog.addEventListener('close', () => {
      if (this.#call && !this.#dialog.open) {
        this.#dialog.showModal(); // some browsers close at a second Escape without asking; the call still waits
      }
    });
    client.audio.addEventListener('unlocked', () => this.#tellSound());
  }

  /** @param {Call} call */
  show(call) {
    this.#call = call;
    const caller = call.name || formatNumber(call.from) || 'Unknown number';
    html('incoming-from').textContent = caller;
    html('incoming-note').textContent = call.name ? formatNumber(call.from) : countryOf(call.from);
    html('incoming-problem').hidden = true;
    html('incoming-silent').hidden = true;
    this.#enable(true);
    this.#dialog.showModal();
    html('incoming-title').focus();
    setTimeout(() => this.#tellSound(), SOUND_GRACE_MILLIS);
    this.#startFlashing(caller);
    call.addEventListener('ended', () => this.hide(call));
  }

  /** @param {Call} call */
  hide(call) {
    if (this.#call !== call) {
      return;
    }
    this.#call = null;
    this.#dialog.close();
    clearInterval(this.#flash);
    document.title = this.#title;
    this.#notification?.close();
    this.#notification = null;
  }

  /** @param {string} text why it could not be accepted */
  problem(text) {
    const line = html('incoming-problem');
    line.textContent = text;
    line.hidden = false;
    this.#enable(true);
  }

  #accept() {
    if (this.#call) {
      this.#enable(false);
      this.#onAccept(this.#call);
    }
  }

  /** @param {boolean} enabled */
  #enable(enabled) {
    button('accept').disabled = !enabled;
  }

  #tellSound() {
    html('incoming-silent').hidden = !(this.#call && this.#client.audio.locked);
  }

  /** @param {string} caller */
  #startFlashing(caller) {
    clearInterval(this.#flash);
    let on = false;
    const flip = () => {
      on = !on;
      document.title = on ? `☎ ${caller}` : 'Incoming call';
    };
    flip();
    this.#flash = setInterval(flip, FLASH_MILLIS);
    if (document.hidden && globalThis.Notification?.permission === 'granted') {
      this.#notification = new Notification('Incoming call', { body: caller, tag: 'ringdown-incoming' });
      this.#notification.onclick = () => globalThis.focus();
    }
  }
}

/** Which microphone, speaker and bell; notifications; shortcuts. Remembered in this browser. */
import { RingdownError } from '../sdk/index.js';
import { button, element, html } from '../demo/dom.js';
import { trouble, word } from './words.js';

/**
 * @typedef {import('../sdk/index.js').RingdownClient} RingdownClient
 * @typedef {import('./bell.js').Bell} Bell
 * @typedef {{microphone: string, speaker: string, ringer: string, notify: boolean, shortcuts: boolean}} Choices ids of devices; empty: the default
 */

const KEY = 'ringdown.softphone.settings';
/** @type {Readonly<Choices>} */
const DEFAULTS = Object.freeze({ microphone: '', speaker: '', ringer: '', notify: false, shortcuts: true });

/** @returns {Choices} */
function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');
    return {
      microphone: text(found.microphone), speaker: text(found.speaker), ringer: text(found.ringer),
      notify: found.notify === true, shortcuts: found.shortcuts !== false,
    };
  } catch {
    return { ...DEFAULTS }; // not ours, or a browser that keeps nothing
  }
}

export class Settings {
  #client;
  #bell;
  #choices = read();
  #dialog = element('settings', HTMLDialogElement);
  #selects = {
    microphone: element('microphone', HTMLSelectElement),
    speaker: element('speaker', HTMLSelectElement),
    ringer: element('ringer', HTMLSelectElement),
  };
  /** @type {(() => void) | null} what ends the test of the microphone */
  #stopMeter = null;

  /**
   * @param {RingdownClient} client
   * @param {Bell} bell
   */
  constructor(client, bell) {
    this.#client = client;
    this.#bell = bell;
    bell.notifies = this.#choices.notify;
    button('settings-open').addEventListener('click', () => void this.#open());
    this.#dialog.addEventListener('close', () => this.#close());
    for (const [what, select] of Object.entries(this.#selects)) {
      select.addEventListener('change', () => void this.#choose(/** @type {'microphone'} */ (what), select.value));
    }
    button('try-microphone').addEventListener('click', () => void this.#toggleMeter());
    button('try-ringer').addEventListener('click', () => this.#ring(!bell.audio.playing));
    element('notify', HTMLInputElement).addEventListener('change', () => void this.#notify());
    const shortcuts = element('use-shortcuts', HTMLInputElement);
    shortcuts.checked = this.#choices.shortcuts;
    shortcuts.addEventListener('change', () => this.#keep({ shortcuts: shortcuts.checked }));
    client.addEventListener('devicechange', () => void this.#fill());
    void this.#apply();
  }

  get shortcuts() {
    return this.#choices.shortcuts;
  }

  /** For calls. @returns {import('../sdk/index.js').MicrophoneChoice} */
  get microphone() {
    return this.#choices.microphone || true;
  }

  /** @param {Partial<Choices>} change */
  #keep(change) {
    Object.assign(this.#choices, change);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#choices));
    } catch {
      // it holds until the page is closed, then
    }
  }

  /** What was chosen before; a device that is gone is not missed. */
  async #apply() {
    const { speaker, ringer, microphone } = this.#choices;
    const { microphones } = await this.#client.devices().catch(() => ({ microphones: [] }));
    if (microphone && microphones.length > 0 && !microphones.some(({ id }) => id === microphone)) {
      this.#choices.microphone = '';
    }
    if (speaker) {
      await this.#client.setSpeaker(speaker).catch(() => {});
    }
    if (ringer) {
      await this.#bell.audio.setSpeaker(ringer).catch(() => {});
    }
  }

  async #open() {
    html('settings-problem').textContent = '';
    element('notify', HTMLInputElement).checked = this.#choices.notify;
    this.#dialog.showModal();
    await this.#fill();
  }

  #close() {
    this.#stopMeter?.();
    this.#ring(false);
  }

  async #fill() {
    try {
      const { microphones, speakers } = await this.#client.devices();
      list(this.#selects.microphone, microphones, this.#choices.microphone);
      list(this.#selects.speaker, speakers, this.#choices.speaker);
      list(this.#selects.ringer, speakers, this.#choices.ringer);
      html('no-choice').hidden = speakers.length > 0;
    } catch (error) {
      this.#tell(error);
    }
  }

  /**
   * @param {'microphone'|'speaker'|'ringer'} what
   * @param {string} id
   */
  async #choose(what, id) {
    html('settings-problem').textContent = '';
    try {
      if (what === 'speaker') {
        await this.#client.setSpeaker(id);
      } else if (what === 'ringer') {
        await this.#bell.audio.setSpeaker(id);
      } else {
        const calls = this.#client.calls.filter(({ state }) => state === 'established' || state === 'early-media');
        await Promise.all(calls.map((call) => call.setMicrophone(id || true)));
      }
      this.#keep({ [what]: id });
      if (what === 'microphone' && this.#stopMeter) {
        this.#stopMeter();
        await this.#toggleMeter();
      }
    } catch (error) {
      this.#tell(error);
      await this.#fill();
    }
  }

  async #toggleMeter() {
    if (this.#stopMeter) {
      this.#stopMeter();
      return;
    }
    try {
      const { microphone } = this.#choices;
      const stream = await navigator.mediaDevices.getUserMedia({ audio: microphone ? { deviceId: { exact: microphone } } : true });
      if (!this.#dialog.open) {
        stream.getTracks().forEach((track) => track.stop());
        return;
      }
      const meter = this.#client.audio.meter(stream);
      const shown = element('level', HTMLMeterElement);
      const timer = setInterval(() => {
        shown.value = Math.min(1, meter.level() * 5); // speech is 0.01 to 0.2
      }, 60);
      button('try-microphone').setAttribute('aria-pressed', 'true');
      this.#stopMeter = () => {
        clearInterval(timer);
        meter.close();
        stream.getTracks().forEach((track) => track.stop());
        shown.value = 0;
        button('try-microphone').setAttribute('aria-pressed', 'false');
        this.#stopMeter = null;
      };
      await this.#fill(); // now the devices have names
    } catch {
      this.#tell(new RingdownError('microphone-denied'));
    }
  }

  /** @param {boolean} on */
  #ring(on) {
    if (on) {
      this.#bell.audio.ring();
    } else if (button('try-ringer').getAttribute('aria-pressed') === 'true') {
      this.#bell.audio.stop();
    }
    button('try-ringer').setAttribute('aria-pressed', String(on));
  }

  async #notify() {
    const box = element('notify', HTMLInputElement);
    const allowed = box.checked && globalThis.Notification ? await Notification.requestPermission() : 'denied';
    html('settings-problem').textContent = box.checked && allowed !== 'granted' ? word('notify-denied') : '';
    box.checked &&= allowed === 'granted';
    this.#bell.notifies = box.checked;
    this.#keep({ notify: box.checked });
  }

  /** @param {unknown} error */
  #tell(error) {
    html('settings-problem').textContent = trouble(/** @type {Error} */ (error));
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {import('../sdk/index.js').Device[]} devices
 * @param {string} chosen
 */
function list(select, devices, chosen) {
  const known = devices.filter(({ id }) => id !== 'default');
  select.replaceChildren(new Option(word('default-device'), ''), ...known.map(({ id, label }, i) => new Option(label || `${i + 1}`, id)));
  select.value = known.some(({ id }) => id === chosen) ? chosen : '';
  select.disabled = devices.length === 0;
}

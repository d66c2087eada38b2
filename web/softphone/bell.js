/** Rings for a call that comes in: a tone at the speaker of the bell, the title of the tab, and a notification where somebody wants one. */
import { AudioOutput } from '../sdk/audio.js';
import { browserEnvironment } from '../sdk/environment.js';

const WAITING = '440 .3-9.7'; // a short tone in the ear of who talks, as call waiting has it (ITU-T E.180, §13)

export class Bell {
  #audio = new AudioOutput(browserEnvironment());
  #title = document.title;
  /** @type {Notification | null} */
  #notification = null;
  /** Whether somebody wants notifications. */
  notifies = false;

  /** The sound: whether the browser keeps it silent, and its speaker. */
  get audio() {
    return this.#audio;
  }

  /**
   * @param {string} text who calls
   * @param {boolean} quiet somebody is being talked to
   */
  ring(text, quiet) {
    if (quiet) {
      this.#audio.playBriefly(WAITING);
    } else {
      this.#audio.ring();
    }
    document.title = `☎ ${text}`;
    if (this.notifies && document.hidden && globalThis.Notification?.permission === 'granted') {
      this.#notification = new Notification(document.title, { tag: 'ringdown-softphone' });
      this.#notification.onclick = () => globalThis.focus();
    }
  }

  stop() {
    this.#audio.stop();
    document.title = this.#title;
    this.#notification?.close();
    this.#notification = null;
  }
}

/** What is wrong, in plain words, above everything else, until it is right again. */
import { html, icon, make } from './dom.js';

/** @typedef {{label: string, act: () => void}} Remedy */

export class Notices {
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();

  /**
   * @param {string} key a notice replaces the one of the same key
   * @param {string} title
   * @param {string} text
   * @param {Remedy | HTMLElement} [remedy]
   */
  show(key, title, text, remedy) {
    const body = make('div', '', make('strong', '', title), make('p', '', text));
    const notice = make('div', 'notice', icon('warning'), body);
    notice.setAttribute('role', 'alert');
    if (remedy instanceof HTMLElement) {
      notice.append(remedy);
    } else if (remedy) {
      const button = make('button', '', remedy.label);
      button.setAttribute('type', 'button');
      button.addEventListener('click', remedy.act);
      notice.append(make('div', 'buttons', button));
    }
    const old = this.#shown.get(key);
    this.#shown.set(key, notice);
    if (old) {
      old.replaceWith(notice);
    } else {
      html('notices').append(notice);
    }
  }

  /** @param {string} key */
  clear(key) {
    this.#shown.get(key)?.remove();
    this.#shown.delete(key);
  }
}

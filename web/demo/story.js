/** "What happened": one line for each thing the call told, with its time since the call began. */
import { html, make } from './dom.js';

const MOST_LINES = 200;

export class Story {
  #began = 0;

  /** @param {string} line the first of a new call */
  begin(line) {
    html('story').hidden = false;
    html('story-list').replaceChildren();
    this.#began = performance.now();
    this.add(line);
  }

  /** @param {string} line */
  add(line) {
    const list = html('story-list');
    const seconds = (performance.now() - this.#began) / 1000;
    const time = make('time', '', seconds.toFixed(seconds < 100 ? 2 : 0));
    list.append(make('li', '', time, make('span', '', line)));
    if (list.childElementCount > MOST_LINES) {
      list.firstElementChild?.remove();
    }
  }
}

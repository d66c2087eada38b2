/** "Walk a menu": a script, and each of its steps as it happens. */
import { RingdownError, parseScript } from '../sdk/index.js';
import { button, element, html, make } from './dom.js';
import { stepWords } from './words.js';

/** @typedef {import('../sdk/index.js').Call} Call */

export class Menu {
  #script = element('menu-script', HTMLInputElement);
  #steps = html('menu-steps');
  #result = html('menu-result');
  /** @type {Call | null} */
  #call = null;
  /** @type {AbortController | null} */
  #walking = null;

  constructor() {
    element('menu-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#walking) {
        this.#walking.abort();
      } else if (this.#call) {
        void this.#walk(this.#call);
      }
    });
    this.#script.addEventListener('input', () => this.#script.removeAttribute('aria-invalid'));
  }

  /** @param {Call | null} call null: there is none to walk through */
  follow(call) {
    this.#call = call;
    this.#steps.replaceChildren();
    this.#result.textContent = '';
    call?.addEventListener('navigationstep', ({ index, state }) => this.#mark(index, state));
  }

  /** @param {Call} call */
  async #walk(call) {
    const began = performance.now();
    try {
      const steps = parseScript(this.#script.value);
      this.#walking = new AbortController();
      this.#steps.replaceChildren(...steps.map((step) => make('li', '', stepWords(step), make('span', 'unseen', ''))));
      this.#result.textContent = 'Under way…';
      button('menu-go').textContent = 'Stop';
      await call.navigate(this.#script.value, { signal: this.#walking.signal });
      this.#tell(call, `Through in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    } catch (error) {
      this.#fail(call, error instanceof RingdownError ? error : new RingdownError('internal', { cause: error }));
    } finally {
      this.#walking = null;
      button('menu-go').textContent = 'Go';
    }
  }

  /**
   * @param {Call} call
   * @param {RingdownError} error
   */
  #fail(call, error) {
    if (error.code === 'bad-script') {
      this.#script.setAttribute('aria-invalid', 'true');
      this.#script.focus();
    }
    this.#tell(call, error.message);
    if (error.step && call === this.#call) {
      this.#mark(error.step.index, 'failed');
    }
  }

  /**
   * @param {Call} call
   * @param {string} text
   */
  #tell(call, text) {
    if (call === this.#call) {
      this.#result.textContent = text;
    }
  }

  /**
   * @param {number} index
   * @param {'started'|'done'|'failed'} state
   */
  #mark(index, state) {
    const step = this.#steps.children[index];
    if (step instanceof HTMLElement) {
      step.dataset.state = state;
      if (state === 'started') {
        step.setAttribute('aria-current', 'step');
      } else {
        step.removeAttribute('aria-current');
      }
      const spoken = step.querySelector('.unseen');
      if (spoken) {
        spoken.textContent = { started: ', under way', done: ', done', failed: ', failed' }[state];
      }
    }
  }
}

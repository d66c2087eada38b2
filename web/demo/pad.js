/** The dial pad: by finger, by arrow keys, and lit when the same key is typed. */
import { html } from './dom.js';

const LIT_MILLIS = 140;
const HOLD_MILLIS = 600;
const COLUMNS = 3;

export class Pad {
  /** @type {HTMLButtonElement[]} */
  #keys;
  /** @type {(key: string) => void} */
  #onKey;
  /** Whether a held 0 means +. */
  holdForPlus = true;

  /** @param {(key: string) => void} onKey */
  constructor(onKey) {
    this.#onKey = onKey;
    const pad = html('pad');
    this.#keys = [...pad.querySelectorAll('button')];
    this.#roveTo(this.#keys[0]);
    pad.addEventListener('click', (event) => this.#onClick(event));
    pad.addEventListener('keydown', (event) => this.#onArrow(event));
    pad.addEventListener('focusin', (event) => this.#roveTo(/** @type {HTMLButtonElement} */ (event.target)));
    this.#watchHeldZero();
  }

  /**
   * Lights the key that was typed.
   *
   * @param {string} key
   */
  light(key) {
    const button = this.#keys.find((candidate) => candidate.dataset.key === key);
    if (button) {
      button.dataset.pressed = '';
      setTimeout(() => delete button.dataset.pressed, LIT_MILLIS);
    }
  }

  /** @param {Event} event */
  #onClick(event) {
    const key = keyOf(event.target);
    if (key) {
      this.#onKey(key);
    }
  }

  /** One stop for Tab; the arrows move inside. @param {HTMLButtonElement} chosen */
  #roveTo(chosen) {
    for (const key of this.#keys) {
      key.tabIndex = key === chosen ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  #onArrow(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
    const at = this.#keys.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (step && at >= 0) {
      event.preventDefault();
      this.#keys[at + step]?.focus();
    }
  }

  #watchHeldZero() {
    const zero = this.#keys.find((key) => key.dataset.key === '0');
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let held;
    let taken = false;
    zero?.addEventListener('pointerdown', () => {
      taken = false;
      held = setTimeout(() => {
        taken = this.holdForPlus;
        if (taken) {
          this.#onKey('+');
        }
      }, HOLD_MILLIS);
    });
    for (const end of ['pointerup', 'pointerleave', 'pointercancel']) {
      zero?.addEventListener(end, () => clearTimeout(held));
    }
    zero?.addEventListener(
      'click',
      (event) => {
        if (taken) {
          event.stopPropagation(); // the hold was the press
          taken = false;
        }
      },
      { capture: true },
    );
  }
}

/** @param {EventTarget | null} target */
function keyOf(target) {
  return target instanceof Element ? (target.closest('button')?.dataset.key ?? '') : '';
}

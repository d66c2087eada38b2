/** Who this is, and whether groups ring them. */
import { element, html, make } from '../demo/dom.js';
import { clock, trouble, word } from './words.js';

/** @typedef {import('../sdk/agent.js').Agent} Agent */
/** @typedef {import('../sdk/agent.js').AvailabilityState} AvailabilityState */

const STATES = /** @type {const} */ (['available', 'away', 'busy']);

export class Presence {
  #agent;
  #state = element('presence-state', HTMLSelectElement);
  #reason = element('presence-reason', HTMLInputElement);

  /** @param {Agent} agent */
  constructor(agent) {
    this.#agent = agent;
    this.#state.append(...STATES.map((state) => new Option(word(state), state)));
    html('presence-reasons').append(...word('reasons').split(',').map((reason) => new Option(reason)));
    element('presence', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#set(/** @type {AvailabilityState} */ (this.#state.value), this.#reason.value.trim());
    });
    agent.addEventListener('selfchange', () => this.#show());
    agent.addEventListener('availabilitychange', () => this.#show());
  }

  toggle() {
    const { availability } = this.#agent;
    if (availability) {
      void this.#set(availability.state === 'available' ? 'away' : 'available', '');
    }
  }

  /**
   * @param {AvailabilityState} state
   * @param {string} reason
   */
  async #set(state, reason) {
    try {
      await this.#agent.setAvailability(state, reason);
    } catch (error) {
      html('presence-now').textContent = trouble(/** @type {Error} */ (error));
    }
  }

  #show() {
    const { self, availability } = this.#agent;
    html('presence').hidden = self === null;
    if (self) {
      const facts = [self.name, self.extension ? word('extension', self.extension) : '', ...self.groups].filter(Boolean);
      html('me').textContent = facts.join(' · ');
    }
    const now = html('presence-now');
    if (!availability) {
      now.textContent = '';
      return;
    }
    this.#state.value = availability.state;
    if (document.activeElement !== this.#reason) {
      this.#reason.value = availability.reason;
    }
    const mark = make('span', 'state-mark', word(availability.state));
    mark.dataset.state = availability.state;
    now.replaceChildren(mark, ` ${[availability.reason, word('since', clock(availability.since))].filter(Boolean).join(' · ')}`);
  }
}

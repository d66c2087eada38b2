/** Colleagues, groups and, for who supervises, their calls. Shown only where the gateway has an account of this person. */
import { formatNumber } from '../sdk/index.js';
import { html, make } from '../demo/dom.js';
import { stateMark } from './people-field.js';
import { Supervising } from './supervising.js';
import { clock, duration, trouble, word } from './words.js';

/**
 * @typedef {import('../sdk/agent.js').Agent} Agent
 * @typedef {import('../sdk/agent.js').Colleague} Colleague
 * @typedef {import('../sdk/agent.js').ColleagueCall} ColleagueCall
 */

const MODES = /** @type {const} */ (['listen', 'whisper', 'barge']);

export class Team {
  #agent;
  #call;
  #supervising;
  /** What lies in the list, to write only what has changed. */
  #written = '';

  /**
   * @param {Agent} agent
   * @param {(number: string) => void} call
   */
  constructor(agent, call) {
    this.#agent = agent;
    this.#call = call;
    this.#supervising = new Supervising(agent, { changed: () => this.#show(), tell: (what) => this.#tell(what) });
    agent.addEventListener('selfchange', () => {
      html('team').hidden = agent.self === null;
      if (agent.self) {
        agent.watch(true).catch((error) => this.#tell(error));
      }
    });
    agent.addEventListener('colleagueschange', () => this.#show());
    setInterval(() => this.#showGroups(), 1000);
  }

  #show() {
    this.#showGroups();
    const others = this.#agent.colleagues.filter(({ user }) => user !== this.#agent.self?.user);
    const mine = this.#supervising.present;
    const now = JSON.stringify([others, mine?.of, mine?.mode, mine?.call.state]);
    if (now === this.#written) {
      return;
    }
    this.#written = now;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.id ?? '';
    html('colleagues').replaceChildren(...others.map((each) => this.#row(each)));
    if (focused) {
      [...html('colleagues').querySelectorAll('button')].find(({ dataset }) => dataset.id === focused)?.focus();
    }
  }

  #showGroups() {
    const { groups } = this.#agent;
    html('groups-part').hidden = groups.length === 0;
    const rows = groups.map(({ group, waiting, longestSince }) => [
      group,
      [word('waiting', waiting), longestSince ? word('longest', duration(Date.now() - longestSince.getTime())) : ''].filter(Boolean).join(' · '),
    ]);
    const list = html('groups');
    while (list.childElementCount > rows.length) {
      list.lastElementChild?.remove();
    }
    rows.forEach(([name, what], i) => {
      const row = list.children[i] ?? list.appendChild(make('li', '', make('strong', ''), make('span', '')));
      [name, what].forEach((text, j) => {
        if (row.children[j].textContent !== text) {
          row.children[j].textContent = text;
        }
      });
    });
  }

  /** @param {Colleague} colleague */
  #row({ user, name, extension, state, reason, since, calls }) {
    const facts = [extension, reason, word('since', clock(since))].filter(Boolean).join(' · ');
    const row = make('li', '', make('div', 'row-main', make('strong', '', name), make('small', '', facts)), stateMark(state));
    if (extension) {
      row.append(this.#button(`call ${user}`, word('call'), word('call-name', name), () => this.#call(extension)));
    }
    calls.forEach((call) => row.append(this.#supervised(name, call)));
    return row;
  }

  /**
   * @param {string} name
   * @param {ColleagueCall} colleagueCall
   */
  #supervised(name, { call, with: other, since }) {
    const { present } = this.#supervising;
    const mine = present?.of === call ? present : null;
    const facts = [formatNumber(other) || word('unknown'), clock(since)].join(' · ');
    const box = make('div', 'supervised', make('span', '', facts));
    for (const mode of MODES) {
      const button = this.#button(`${mode} ${call}`, word(mode), `${word(mode)}: ${name}`, () => void this.#supervising.supervise(call, mode));
      button.setAttribute('aria-pressed', String(mine?.mode === mode));
      box.append(button);
    }
    if (mine) {
      box.append(
        this.#button(`stop ${call}`, word('stop'), `${word('stop')}: ${name}`, () => mine.hangup()),
        make('p', 'lead', mine.call.state === 'established' ? word(`you-${mine.mode}`) : word('is-connecting')),
      );
    }
    return box;
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} label
   * @param {() => void} act
   */
  #button(id, text, label, act) {
    const button = make('button', 'quiet small', text);
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', label);
    button.dataset.id = id;
    button.addEventListener('click', act);
    return button;
  }

  /** @param {Error | import('../sdk/index.js').EndReason | null} what null: nothing is wrong any more */
  #tell(what) {
    html('team-problem').textContent = what ? trouble(what) : '';
  }
}

/** The softphone: signs in, and joins the SDK with what is on the page. */
import { RingdownClient, formatNumber, normaliseNumber } from '../sdk/index.js';
import { Agent } from '../sdk/agent.js';
import { button, element, html, make } from '../demo/dom.js';
import { Notices } from '../demo/notices.js';
import { Bell } from './bell.js';
import { Board } from './board.js';
import { History } from './history.js';
import { PeopleField } from './people-field.js';
import { Presence } from './presence.js';
import { Recent, forgetNameless, recentOf } from './recent.js';
import { SessionNotices } from './session-notices.js';
import { Settings } from './settings.js';
import { KEYS, deedOf, takesText } from './shortcuts.js';
import { Team } from './team.js';
import { fill, language, trouble, word } from './words.js';

const SIGNED_IN = 'ringdown.softphone.signin'; // in the storage of this tab

document.documentElement.lang = language;
document.title = word('title');
fill(document);
html('gateway').textContent = location.host;

/** @type {{token: string, numbers: string[]}} */
let signIn = remembered() ?? { token: '', numbers: [] };
const notices = new Notices();
/** What the client's next sign-in answers for. @type {string[]} */
const numbers = [];
const client = new RingdownClient({ token: () => signIn.token, numbers, resume: 'softphone' });
const agent = new Agent(client);
const bell = new Bell();
const settings = new Settings(client, bell);
const presence = new Presence(agent);
let recent = new Recent(undefined, ''); // nobody is signed in
const history = new History(recent, (number) => dial(number));
const field = new PeopleField(html('dial-field'), word('whom'), known, 'Alt+Shift+L');
const board = new Board({
  client, agent, bell, known,
  recent: () => recent,
  microphone: () => settings.microphone,
  remembered: () => history.show(),
  idle: () => field.focus(),
});
new Team(agent, (number) => dial(number));

new SessionNotices(client, notices, {
  connect,
  failed: (error) => {
    html('dial-problem').textContent = trouble(error);
  },
});
client.addEventListener('statechange', showLink);
client.addEventListener('connected', onConnected);
client.addEventListener('disconnected', (event) => onDisconnected(event.error, event.retryInMillis));
client.addEventListener('incoming', ({ call }) => {
  board.incoming(call);
  setTimeout(showSilence, 300); // a sound device that may be heard needs a moment
});
client.addEventListener('resumed', ({ calls }) => board.resumed(calls));
client.addEventListener('error', ({ error }) => {
  html('dial-problem').textContent = trouble(error);
});
agent.addEventListener('selfchange', () => {
  recent = recentOf(agent.self?.user ?? '', storages());
  history.setRecent(recent);
});
bell.audio.addEventListener('unlocked', () => notices.clear('silent'));

element('signin-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = element('numbers', HTMLInputElement).value.split(/[,;]+/).filter((each) => each.trim());
  forgetNameless(storages());
  signIn = { token: element('token', HTMLInputElement).value.trim(), numbers: typed.map((each) => normaliseNumber(each) ?? each.trim()) };
  connect();
});
element('dialer', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const { target } = field;
  field.mark(target === null);
  if (target === null) {
    html('dial-problem').textContent = field.empty ? '' : word('nobody-meant');
    field.focus();
  } else {
    dial(target);
  }
});
button('signout').addEventListener('click', () => {
  client.close();
  tab()?.removeItem(SIGNED_IN);
  forgetNameless(storages());
  location.reload(); // nothing of this person stays in the page
});

document.addEventListener('keydown', onKey);
button('help-open').addEventListener('click', () => element('help', HTMLDialogElement).showModal());
showKeys();
showLink();
if (remembered()) {
  connect();
} else {
  element('token', HTMLInputElement).focus();
}

// -- the session --

function connect() {
  html('signin-problem').textContent = '';
  numbers.splice(0, Infinity, ...signIn.numbers);
  client.connect({ persistent: !html('work').hidden || remembered() !== null }).catch(() => {}); // told by `disconnected`
}

function onConnected() {
  tab()?.setItem(SIGNED_IN, JSON.stringify(signIn));
  element('token', HTMLInputElement).value = '';
  const wasAway = html('work').hidden;
  showWork(true);
  if (!agent.self) {
    html('me').textContent = client.numbers.map(formatNumber).join(' · ');
  }
  if (wasAway) {
    field.focus();
  }
}

/**
 * @param {import('../sdk/index.js').RingdownError} error
 * @param {number | null} retryInMillis
 */
function onDisconnected(error, retryInMillis) {
  if (error.code !== 'taken-over' && retryInMillis === null) {
    if (error.code === 'unauthorized') {
      tab()?.removeItem(SIGNED_IN);
    }
    showWork(false);
    html('signin-problem').textContent = error.code === 'unauthorized' ? word('refused-signin') : trouble(error);
    element('token', HTMLInputElement).focus();
  }
}

function showLink() {
  html('link').dataset.state = client.state;
  html('link-text').textContent = word(`link-${client.state}`);
  button('dial').disabled = client.state !== 'connected';
  button('signin-go').disabled = client.state === 'connecting';
}

/** @param {boolean} on */
function showWork(on) {
  html('signin').hidden = on;
  for (const id of ['work', 'side', 'signout']) {
    html(id).hidden = !on;
  }
}

function showSilence() {
  if (board.busy && bell.audio.locked) {
    notices.show('silent', word('silent'), '');
  }
}

/** @returns {{token: string, numbers: string[]} | null} */
function remembered() {
  try {
    const found = JSON.parse(tab()?.getItem(SIGNED_IN) ?? 'null');
    return typeof found?.token === 'string' && Array.isArray(found.numbers) ? { token: found.token, numbers: found.numbers.map(String) } : null;
  } catch {
    return null; // not ours
  }
}

function tab() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

function storages() {
  try {
    return { lasting: globalThis.localStorage, tab: tab() };
  } catch {
    return { lasting: undefined, tab: tab() }; // the same
  }
}

// -- calls --

/** @param {string} number */
function dial(number) {
  html('dial-problem').textContent = '';
  field.clear();
  board.dial(number).catch((error) => {
    html('dial-problem').textContent = trouble(error);
  });
}

/** Who may be meant by a name. @returns {import('./suggest.js').Known} */
function known() {
  return {
    colleagues: agent.colleagues
      .filter(({ user, extension }) => extension && user !== agent.self?.user)
      .map(({ name, extension, state }) => ({ name, number: extension, state })),
    recent: recent.entries().map(({ name, number }) => ({ name: name === formatNumber(number) ? '' : name, number })),
  };
}

// -- the keyboard --

/** @param {KeyboardEvent} event */
function onKey(event) {
  const deed = settings.shortcuts && !document.querySelector('dialog[open]') ? deedOf(event, takesText(/** @type {HTMLElement | null} */ (document.activeElement))) : null;
  if (deed === null || (html('work').hidden && deed !== 'help')) {
    return;
  }
  event.preventDefault();
  if (typeof deed === 'number') {
    board.choose(deed);
    return;
  }
  ({
    pickup: () => board.pickUp(),
    refuse: () => board.refuse(),
    hold: () => board.ofActive('hold'),
    mute: () => board.ofActive('mute'),
    end: () => board.ofActive('hangup'),
    join: () => board.ofActive('join'),
    keypad: () => board.togglePanel('keypad'),
    transfer: () => board.togglePanel('transfer'),
    note: () => board.note(),
    dial: () => field.focus(),
    state: () => presence.toggle(),
    help: () => element('help', HTMLDialogElement).showModal(),
  })[deed]();
}

function showKeys() {
  const rows = [
    ...Object.entries(KEYS).map(([letter, deed]) => [`Alt+Shift+${letter}`, word(`key-${deed}`)]),
    ['Alt+Shift+1…9', word('key-choose')],
    ['?', word('key-help')],
  ];
  html('help-keys').append(...rows.map(([keys, what]) => make('div', '', make('dt', '', make('kbd', '', keys)), make('dd', '', what))));
}

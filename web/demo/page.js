/** The page of the demo: joins the SDK with what is on the page. */
import { ADVICE, RingdownClient, RingdownError, formatNumber } from '../sdk/index.js';
import { button, html, icon, make } from './dom.js';
import { IncomingCall } from './incoming.js';
import { watchMicrophone } from './microphone.js';
import { Notices } from './notices.js';
import { OtherCalls } from './other-calls.js';
import { Phone } from './phone.js';
import { Story } from './story.js';
import { TestFirst } from './test-first.js';
import { pressWords, roadWords, transferWords } from './words.js';

/**
 * @typedef {import('../sdk/index.js').Call} Call
 * @typedef {{number: string, name: string, what: string}} PracticeNumber
 * @typedef {{practice: PracticeNumber[], ringMe: string, number: string}} Demo what GET /v1/demo tells
 */

const notices = new Notices();
const others = new OtherCalls(notices);
const story = new Story();
/** @type {(() => void) | null} what "Call again" does */
let repeat = null;
let withoutMicrophone = false;
let token = '';

const demo = await fetchDemo();
const client = new RingdownClient({
  token: () => token,
  numbers: demo?.number ? [demo.number] : [],
});
const phone = new Phone({ dial: (number) => void dial(number), again: () => repeat?.() });
const testFirst = new TestFirst(client);
const incoming = new IncomingCall(client, (call) => void accept(call));

client.addEventListener('statechange', showLink);
client.addEventListener('connected', () => {
  for (const key of ['link', 'token', 'draining']) {
    notices.clear(key);
  }
});
client.addEventListener('disconnected', (event) => showDisconnected(event.error, event.retryInMillis));
client.addEventListener('incoming', (event) => ring(event.call));
client.addEventListener('resumed', (event) => goOn(event.calls));
client.addEventListener('elsewhere', () => showElsewhere('This call is open in another tab.'));
client.addEventListener('draining', ({ withinMillis }) => showDraining(withinMillis));

showDemo();
showLink();
void watchMicrophone(notices, (without) => {
  withoutMicrophone = without;
});
connect();

/** @returns {Promise<Demo | null>} null outside the demo */
async function fetchDemo() {
  try {
    const response = await fetch('/v1/demo', { headers: { accept: 'application/json' } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function connect() {
  client.connect({ persistent: true }).catch(() => {}); // told by `disconnected`
}

function showLink() {
  const link = html('link');
  link.dataset.state = client.state;
  const [own] = client.numbers;
  html('link-text').textContent = {
    closed: 'Not connected',
    connecting: 'Connecting…',
    connected: own ? `Ready · you are ${formatNumber(own)}` : 'Ready',
    reconnecting: 'Connection lost, trying again…',
  }[client.state];
  const ready = client.state === 'connected';
  phone.enable(ready);
  enableSide(ready && !phone.busy);
  testFirst.enable(ready);
}

/**
 * @param {RingdownError} error
 * @param {number | null} retryInMillis
 */
function showDisconnected(error, retryInMillis) {
  if (error.code === 'taken-over') {
    showElsewhere('The call has gone to another tab.');
    return;
  }
  if (error.code === 'unauthorized') {
    notices.show('token', 'This gateway asks for a token.', error.hint, tokenForm());
    return;
  }
  const next = retryInMillis === null ? '' : ' Trying again by itself.';
  notices.show('link', error.message, error.hint + next, { label: 'Try now', act: connect });
}

/** @param {string} title */
function showElsewhere(title) {
  notices.show('elsewhere', title, 'It can be in one tab only.', { label: 'Take it over', act: () => void takeOver() });
}

async function takeOver() {
  notices.clear('elsewhere');
  try {
    await client.takeOver();
  } catch (error) {
    if (error instanceof RingdownError && error.code === 'wrong-state') {
      showElsewhere('End the call in this tab first.');
    } else {
      connect(); // there is none any more: this tab is a telephone of its own
    }
  }
}

/** @param {number} millis */
function showDraining(millis) {
  const left = millis < 120_000 ? `${Math.ceil(millis / 1000)} seconds` : `${Math.ceil(millis / 60_000)} minutes`;
  notices.show('draining', 'The gateway is about to stop.', `A call can go on for ${left} at most; then there will be another gateway.`);
}

function tokenForm() {
  const input = document.createElement('input');
  input.type = 'password';
  input.autocomplete = 'off';
  input.required = true;
  input.setAttribute('aria-label', 'Token');
  const submit = make('button', '', 'Sign in');
  const form = make('form', '', input, submit);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    token = input.value.trim();
    connect();
  });
  return form;
}

// -- calls out --

/** @param {string} number E.164 */
async function dial(number) {
  repeat = () => void dial(number);
  const shown = formatNumber(number);
  const giveUp = new AbortController();
  enableSide(false);
  phone.setNumber(number);
  phone.showDialling('Call to', shown, () => giveUp.abort());
  story.begin(`You call ${shown}`);
  try {
    const call = await client.call({
      to: number,
      from: demo?.number,
      microphone: !withoutMicrophone,
      signal: giveUp.signal,
    });
    follow(call, shown);
    if (giveUp.signal.aborted) {
      call.hangup();
    }
  } catch (error) {
    failed(shown, error);
  }
}

/**
 * @param {string} shown
 * @param {unknown} error
 */
function failed(shown, error) {
  const known = error instanceof RingdownError ? error : new RingdownError('internal', { cause: error });
  const givenUp = known.code === 'aborted';
  const text = givenUp ? 'You gave up before the call began.' : known.message;
  story.add(text);
  phone.showEnded(
    shown,
    { text, hint: known.hint, failed: !givenUp, retryable: known.retryable, ...(givenUp ? {} : { cause: known.code }) },
    null,
  );
  showLink();
}

// -- calls in --

/** @param {Call} call */
function ring(call) {
  if (phone.busy || client.calls.length > 1) {
    call.reject('busy');
    story.add(`${formatNumber(call.from)} called meanwhile and was told that you are busy`);
    return;
  }
  incoming.show(call);
  story.begin(`${formatNumber(call.from) || 'Someone'} calls you`);
  call.addEventListener('ended', missed);
}

/** @param {Event} event */
function missed(event) {
  const call = /** @type {Call} */ (event.target);
  story.add(call.reason?.text ?? '');
  html('announcer').textContent = call.reason?.text ?? '';
}

/** @param {Call} call */
async function accept(call) {
  const shown = formatNumber(call.from) || 'Unknown number';
  try {
    await call.accept({ microphone: !withoutMicrophone });
  } catch (error) {
    if (call.state === 'incoming') {
      const known = error instanceof RingdownError ? error : new RingdownError('internal', { cause: error });
      incoming.problem(`${known.message} ${known.hint}`);
    }
    return;
  }
  call.removeEventListener('ended', missed);
  incoming.hide(call);
  enableSide(false);
  repeat = call.from ? () => void dial(call.from) : null;
  phone.showDialling('Call from', shown, () => {});
  story.add('You accept');
  follow(call, shown);
}

// -- calls of the page that was here before --

/** @param {Call[]} calls */
function goOn(calls) {
  const talking = calls.filter(({ state }) => state !== 'incoming' && state !== 'ended'); // those that ring come by themselves
  const call = phone.busy ? null : (talking.find(({ state }) => state === 'established') ?? talking[0]);
  talking.filter((each) => each !== call).forEach((each) => others.show(each));
  if (!call) {
    return;
  }
  const out = call.direction === 'outgoing';
  const other = out ? call.to : call.from;
  const shown = formatNumber(other) || 'Unknown number';
  repeat = other ? () => void dial(other) : null;
  enableSide(false);
  phone.showDialling(out ? 'Call to' : 'Call from', shown, () => {});
  story.begin(`Your call ${out ? 'to' : 'from'} ${shown} goes on`);
  notices.show('goes-on', 'Your call goes on.', 'The page is new, the call is the one that you had.', {
    label: 'All right',
    act: () => notices.clear('goes-on'),
  });
  follow(call, shown);
}

/**
 * A call that has come over from another page has no sound without a microphone.
 *
 * @param {Call} call
 * @param {RingdownError} error
 */
function askForMicrophone(call, error) {
  notices.show('no-sound', error.message, `${error.hint} Until then this call has no sound.`, {
    label: 'Try again',
    act: () => {
      notices.clear('no-sound');
      call.restoreMedia({ microphone: !withoutMicrophone }).catch((again) => askForMicrophone(call, again));
    },
  });
}

// -- any call --

/**
 * @param {Call} call
 * @param {string} shown
 */
function follow(call, shown) {
  phone.showCall(call);
  call.addEventListener('trying', () => story.add('The telephone network is looking for the number'));
  call.addEventListener('ringing', () => story.add('It rings'));
  call.addEventListener('earlymedia', () => story.add('Sound from the other side, before the answer'));
  call.addEventListener('established', () => story.add('Answered'));
  call.addEventListener('localdtmf', (event) => story.add(`You press ${event.digit}`));
  call.addEventListener('dtmfreceipt', (receipt) => {
    const line = receiptLine(receipt);
    if (line) {
      story.add(line);
    }
  });
  call.addEventListener('dtmfroad', ({ road, why }) => story.add(why ? `${roadWords(road)}: ${why}` : roadWords(road)));
  call.addEventListener('dtmf', (event) => {
    story.add(`They press ${event.digit}, for ${Math.round(event.durationMillis)} ms`);
  });
  call.addEventListener('localmuted', () => story.add('Muted'));
  call.addEventListener('localunmuted', () => story.add('No longer muted'));
  call.addEventListener('held', ({ by }) => story.add(by === 'browser' ? 'You put them on hold: they hear music' : 'They put you on hold'));
  call.addEventListener('resumed', ({ by }) => story.add(by === 'browser' ? 'You talk again' : 'They talk to you again'));
  for (const type of /** @type {const} */ (['transferring', 'transferred', 'transferfailed'])) {
    call.addEventListener(type, (event) => story.add(transferWords(event)));
  }
  call.addEventListener('mediainterrupted', () => story.add('The sound path is interrupted'));
  call.addEventListener('mediarestored', () => story.add('The sound path is back'));
  call.addEventListener('signalinglost', () => story.add('The connection to the gateway is lost; the sound goes on'));
  call.addEventListener('warning', ({ code, text, hint }) => {
    story.add(text);
    if (code !== 'one-way-audio') { // the verdict has a notice of its own, before the call is answered too
      notices.show(`warning ${code}`, text, hint);
    }
  });
  call.addEventListener('warningcleared', ({ code }) => notices.clear(`warning ${code}`));
  let heard = '';
  call.addEventListener('quality', ({ verdict }) => {
    if (verdict.code !== heard) { // it is read aloud once, not every five seconds
      heard = verdict.code;
      showSound(verdict);
    }
  });
  call.addEventListener('error', (event) => {
    story.add(event.error.message);
    phone.say(event.error.message);
    if (event.error.code.startsWith('microphone-')) {
      askForMicrophone(call, event.error);
    }
  });
  call.addEventListener('ended', (event) => {
    const { reason } = event;
    const lasted = call.establishedAt ? Date.now() - call.establishedAt.getTime() : null;
    story.add(reason.text);
    const warned = Object.keys(ADVICE).map((code) => `warning ${code}`);
    for (const key of ['sound', 'goes-on', 'no-sound', ...warned]) {
      notices.clear(key);
    }
    const ringsBack = call.to === demo?.ringMe && call.establishedAt && !reason.failed;
    const hint = ringsBack ? 'Stay here: the telephone rings you back in a moment.' : reason.hint;
    phone.showEnded(shown, { ...reason, hint }, lasted);
    showLink();
  });
}

/**
 * A press by its place in the row: its digit has been told when it was pressed.
 *
 * @param {import('../sdk/index.js').DigitReceiptEvent} receipt
 * @returns {string} empty: nothing worth a line
 */
function receiptLine(receipt) {
  const press = receipt.ordinal === null ? 'A press by another' : `Press ${receipt.ordinal + 1}`;
  if (receipt.state === 'sent') {
    const packets = receipt.packets === null ? '' : `, ${receipt.packets} packets`;
    return `${press} has left: ${Math.round(receipt.durationMillis ?? 0)} ms${packets}`;
  }
  return receipt.state === 'accepted' ? '' : `${press}: ${pressWords(receipt)}`;
}

/**
 * Who hears nothing, and why.
 *
 * @param {import('../sdk/events.js').Verdict} verdict
 */
function showSound({ fault, text }) {
  if (fault) {
    const [who, why = ''] = text.split(': ', 2);
    notices.show('sound', who, why.charAt(0).toUpperCase() + why.slice(1));
  } else {
    notices.clear('sound');
  }
}

// -- the demo --

function showDemo() {
  if (!demo) {
    return;
  }
  const numbers = demo.practice.filter(({ number }) => number !== demo.ringMe); // that one has a place of its own
  html('practice').hidden = numbers.length === 0;
  html('practice-list').replaceChildren(...numbers.map(practiceEntry));
  html('ring-me').hidden = !demo.ringMe;
  html('own-number').textContent = formatNumber(demo.number);
  button('ring-me-button').addEventListener('click', () => void dial(demo.ringMe));
}

/** @param {PracticeNumber} entry */
function practiceEntry(entry) {
  const call = document.createElement('button');
  call.type = 'button';
  call.append(
    make('span', 'name', entry.name),
    make('span', 'what', entry.what),
    make('span', 'number', formatNumber(entry.number)),
    icon('phone'),
  );
  call.addEventListener('click', () => void dial(entry.number));
  return make('li', '', call);
}

/** @param {boolean} enabled */
function enableSide(enabled) {
  for (const call of html('practice-list').querySelectorAll('button')) {
    call.disabled = !enabled;
  }
  button('ring-me-button').disabled = !enabled;
}

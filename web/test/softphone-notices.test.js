import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { SessionNotices } from '../softphone/session-notices.js';
import { word } from '../softphone/words.js';
import { FakeSocket, fakeEnvironment, settled } from './fakes.js';

const welcome = (more = {}) => ({ type: 'welcome', session: 's', resume: 'r', numbers: [], iceServers: [], taken: 0, ...more });
const URL = 'wss://gateway.example/v1/rtc';
const ENTRY = { call: 'c', direction: 'outbound', state: 'established', to: '+49301', held: 'none', muted: false, secureInput: false, media: 'kept' };

/** @type {RingdownClient[]} */
const clients = [];

afterEach(() => clients.splice(0).forEach((client) => client.close()));

/** A page as far as its notices go. */
function page(environment = fakeEnvironment()) {
  const client = new RingdownClient({ url: URL, environment, resume: 'softphone' });
  clients.push(client);
  /** @type {Map<string, {title: string, text: string, remedy?: {label: string, act: () => void}}>} */
  const shown = new Map();
  const failures = [];
  const notices = { show: (key, title, text, remedy) => shown.set(key, { title, text, remedy }), clear: (key) => shown.delete(key) };
  const connect = () => void client.connect().catch(() => {});
  new SessionNotices(client, notices, { connect, failed: (error) => failures.push(error.code) });
  return { client, connect, shown, failures, keys: () => [...shown.keys()].sort() };
}

async function greet(more) {
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome(more));
  await settled();
}

test('a lost connection is told until it is there again, and can be tried at once', async () => {
  const { connect, keys, shown } = page();
  connect();
  await greet();
  assert.deepEqual(keys(), []);
  FakeSocket.last.vanish();
  assert.deepEqual(keys(), ['link']);
  assert.equal(shown.get('link').title, word('lost'));
  const before = FakeSocket.made.length;
  shown.get('link').remedy.act();
  await settled();
  assert.equal(FakeSocket.made.length, before + 1);
  await greet({ resumed: true });
  assert.deepEqual(keys(), []);
});

test('a gateway that is about to stop says for how long calls can go on, until there is another one', async () => {
  const { connect, keys, shown } = page();
  connect();
  await greet();
  FakeSocket.last.says({ type: 'draining', within: 90_000 });
  assert.match(shown.get('draining').text, /1:30/);
  FakeSocket.last.vanish(1001);
  assert.ok(keys().includes('draining'), 'it has not gone by because the socket has');
  connect();
  await greet({ resumed: true });
  assert.deepEqual(keys(), []);
});

test('calls that another tab has brought to itself can be brought back', async () => {
  const { client, connect, keys, shown, failures } = page();
  connect();
  await greet({ resumed: true, calls: [ENTRY] });
  FakeSocket.last.says({ type: 'taken-over' });
  assert.deepEqual(keys(), ['elsewhere'], 'and not that the connection is lost');
  const { act } = shown.get('elsewhere').remedy;
  act();
  assert.deepEqual(keys(), [], 'a second click finds nothing');
  await greet({ resumed: true, calls: [ENTRY] });
  assert.deepEqual([client.calls.length, keys(), failures], [1, [], []]);
});

test('a tab that was duplicated is connected, and goes on saying that the calls are in the other one', async () => {
  const environment = fakeEnvironment();
  environment.storage.setItem('ringdown.session.softphone', JSON.stringify({ url: URL, token: 'r' }));
  const { client, connect, keys, shown, failures } = page(environment);
  connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'error', code: 'session-in-use', text: '' });
  await settled();
  FakeSocket.last.says(welcome({ session: 's2', resume: 'r2' })); // on the same socket
  await settled();
  assert.equal(client.state, 'connected');
  assert.deepEqual(keys(), ['elsewhere']);
  shown.get('elsewhere').remedy.act();
  await greet({ session: 's3', resume: 'r3' }); // the other one has hung up meanwhile
  assert.deepEqual(failures, ['call-ended']);
  await greet({ session: 's4', resume: 'r4' });
  assert.deepEqual(keys(), []);
});

import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { FakePeer, FakeSocket, fakeEnvironment, settled } from './fakes.js';

const URL = 'ws://gateway.example/v1/rtc';
const WELCOME = { type: 'welcome', session: 's1', resume: 'r1', numbers: ['+12025550199'], iceServers: [] };

let environment;

beforeEach(() => {
  environment = fakeEnvironment();
  mock.timers.enable({ apis: ['setTimeout'] });
});

afterEach(() => mock.timers.reset());

const client = (options = {}) => new RingdownClient({ url: URL, environment, ...options });
const code = (expected) => (error) => error.code === expected;

/** Opens the last socket and lets the gateway greet. */
async function greet(welcome = WELCOME) {
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome);
  await settled();
}

async function connected(options) {
  const made = client(options);
  const connecting = made.connect();
  await greet();
  await connecting;
  return made;
}

test('signs in with the first message, in the subprotocol', async () => {
  const made = await connected({ token: 'secret', numbers: ['+12025550199'] });
  assert.equal(FakeSocket.last.url, URL);
  assert.deepEqual(FakeSocket.last.protocols, ['ringdown.v1']);
  assert.deepEqual(FakeSocket.last.sent, [{ type: 'hello', token: 'secret', numbers: ['+12025550199'], quality: true }]);
  assert.equal(made.state, 'connected');
  assert.deepEqual(made.numbers, ['+12025550199']);
});

test('an address without a path, or with http, means the gateway’s socket', async () => {
  for (const [url, expected] of [
    ['https://gateway.example', 'wss://gateway.example/v1/rtc'],
    ['http://127.0.0.1:8080/', 'ws://127.0.0.1:8080/v1/rtc'],
    ['wss://gateway.example/pbx/rtc#x', 'wss://gateway.example/pbx/rtc'],
  ]) {
    const made = client({ url });
    made.connect().catch(() => {});
    await settled();
    assert.equal(FakeSocket.last.url, expected);
    made.close();
  }
});

test('a first attempt that fails is told, and not repeated unless asked', async () => {
  const made = client();
  const connecting = made.connect();
  await settled();
  FakeSocket.last.vanish();
  await assert.rejects(connecting, code('socket-unreachable'));
  mock.timers.tick(60_000);
  await settled();
  assert.equal(FakeSocket.made.length, 1);
  assert.equal(made.state, 'closed');
});

test('a persistent connect goes on until the gateway is there', async () => {
  const made = client();
  const connecting = made.connect({ persistent: true });
  for (let i = 0; i < 3; i++) {
    await settled();
    FakeSocket.last.vanish();
    assert.equal(made.state, 'connecting');
    mock.timers.tick(10_000);
  }
  await greet();
  await connecting;
  assert.equal(FakeSocket.made.length, 4);
});

test('a gateway that does not greet within ten seconds counts as unreachable', async () => {
  const connecting = client().connect();
  await settled();
  FakeSocket.last.open();
  mock.timers.tick(10_000);
  await assert.rejects(connecting, code('socket-unreachable'));
  assert.ok(FakeSocket.last.closed);
});

test('a refused sign-in ends the matter, whatever the persistence', async () => {
  const made = client({ token: 'old' });
  const connecting = made.connect({ persistent: true });
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'error', code: 'unauthorized', text: 'The token has expired.' });
  await assert.rejects(connecting, (error) => error.code === 'unauthorized' && /expired/.test(error.message));
  mock.timers.tick(60_000);
  await settled();
  assert.equal(FakeSocket.made.length, 1);
});

test('a token function that throws is told with its reason', async () => {
  const reason = new Error('back end is down');
  const connecting = client({ token: () => Promise.reject(reason) }).connect();
  await assert.rejects(connecting, (error) => error.code === 'token-failed' && error.cause === reason);
});

test('comes back after a loss, with patience that doubles up to ten seconds, and the resume token alone', async () => {
  let tokens = 0;
  const made = await connected({ token: async () => `token-${++tokens}` });
  const delays = [];
  made.addEventListener('disconnected', (event) => delays.push(event.retryInMillis));
  FakeSocket.last.vanish();
  assert.equal(made.state, 'reconnecting');
  for (let i = 0; i < 6; i++) {
    mock.timers.tick(delays.at(-1));
    await settled();
    FakeSocket.last.vanish();
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  mock.timers.tick(10_000);
  await greet({ ...WELCOME, resumed: true });
  assert.equal(made.state, 'connected');
  assert.equal(tokens, 1);
  assert.deepEqual(FakeSocket.last.sent[0], { type: 'hello', resume: 'r1', received: 0, quality: true });
});

test('tries at once when the browser says that the network is back', async () => {
  const made = await connected();
  FakeSocket.last.vanish();
  environment.window.dispatchEvent(new Event('online'));
  await greet();
  assert.equal(made.state, 'connected');
  assert.equal(FakeSocket.made.length, 2);
});

test('asks after fifteen silent seconds, and takes no answer for a loss', async () => {
  const made = await connected();
  const first = FakeSocket.last;
  mock.timers.tick(15_000);
  assert.equal(first.sentOfType('ping').length, 1);
  first.says({ type: 'pong' });
  mock.timers.tick(14_999);
  assert.equal(first.sentOfType('ping').length, 1);
  mock.timers.tick(1);
  assert.equal(first.sentOfType('ping').length, 2);
  mock.timers.tick(10_000);
  assert.ok(first.closed);
  assert.equal(made.state, 'reconnecting');
});

test('close() leaves nothing behind: no socket, no timer, no call', async () => {
  const made = await connected();
  const call = await made.call({ to: '+12025550100' });
  const ended = [];
  call.addEventListener('ended', (event) => ended.push(event.reason.cause));
  made.close();
  mock.timers.tick(120_000);
  await settled();
  assert.deepEqual(ended, ['cancelled']);
  assert.equal(FakeSocket.made.length, 1);
  assert.ok(FakeSocket.last.closed && FakePeer.last.closed);
  assert.equal(made.state, 'closed');
});

test('what is not JSON, no object or of an unknown type is passed over', async () => {
  const made = await connected();
  for (const message of ['', '{', '[]', 'null', '"x"', '{"type":1}', '{"type":"from-the-future","call":"c1"}']) {
    FakeSocket.last.says(message);
  }
  FakeSocket.last.onmessage({ data: new ArrayBuffer(4) });
  assert.equal(made.state, 'connected');
});

test('an error that belongs to no call reaches the client', async () => {
  const made = await connected();
  const errors = [];
  made.addEventListener('error', (event) => errors.push(event.error.code));
  FakeSocket.last.says({ type: 'error', code: 'too-fast', text: '' });
  assert.deepEqual(errors, ['too-fast']);
});

test('without a connection a call is refused, not queued', async () => {
  await assert.rejects(client().call({ to: '+12025550100' }), code('not-connected'));
});

test('a connect while connected changes nothing', async () => {
  const made = await connected();
  await made.connect();
  assert.equal(FakeSocket.made.length, 1);
});

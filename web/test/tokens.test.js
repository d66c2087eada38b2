import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { FakeSocket, fakeEnvironment, settled } from './fakes.js';

const URL = 'ws://gateway.example/v1/rtc';
const TOKENS = 'https://shop.example/ringdown-token';
const US = '+12025550100';
const UK = '+441632960100';

let environment;
let asked;
let answer;

beforeEach(() => {
  asked = [];
  answer = () => ({ ok: true, status: 200, json: async () => ({ token: `token-${asked.length}` }) });
  environment = fakeEnvironment();
  environment.time = 0;
  environment.now = () => environment.time;
  environment.fetch = async (url, { body, signal, ...request }) => {
    asked.push({ url, ...request, body: JSON.parse(body) });
    return answer();
  };
  mock.timers.enable({ apis: ['setTimeout'] });
});

afterEach(() => mock.timers.reset());

const code = (expected) => (error) => error.code === expected;
const sent = (type) => FakeSocket.last.sentOfType(type);

async function connected(options, welcome = {}, connecting = {}) {
  const made = new RingdownClient({ url: URL, environment, ...options });
  const done = made.connect(connecting);
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's1', resume: 'r1', numbers: [], iceServers: [], ...welcome });
  await done;
  return made;
}

/** The gateway takes the token that was shown to it last. */
async function authorized(told = {}) {
  await settled();
  const { ref } = FakeSocket.last.numbered.filter(({ type }) => type === 'authorize').at(-1);
  FakeSocket.last.says({ type: 'authorized', ref, ...told });
  await settled();
}

const refused = ({ ref }, why) => FakeSocket.last.says({ type: 'error', ref, code: why, text: '' });

test('a token comes from the page’s own back end, with its cookies and never with those of another site', async () => {
  await connected({ tokenUrl: TOKENS });
  assert.deepEqual(asked, [{
    url: TOKENS, method: 'POST', credentials: 'same-origin', body: {},
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  }]);
  assert.equal(sent('hello')[0].token, 'token-1');
});

test('one token is enough for a session, as long as it holds', async () => {
  const client = await connected({ tokenUrl: TOKENS }, { tokenExpiresIn: 60_000 });
  await client.call({ to: US });
  await client.call({ to: UK });
  assert.equal(asked.length, 1);
  assert.deepEqual(sent('start').map(({ to }) => to), [US, UK]);
});

test('before a token runs out on its way, a call has another one', async () => {
  const client = await connected({ tokenUrl: TOKENS }, { tokenExpiresIn: 60_000 });
  environment.time = 55_000;
  const calling = client.call({ to: US });
  await authorized({ tokenExpiresIn: 60_000 });
  await calling;
  assert.deepEqual(asked.at(-1).body, { to: US });
  assert.equal(sent('authorize')[0].token, 'token-2');
  await client.call({ to: UK });
  assert.equal(asked.length, 2);
});

test('a token for one call is not shown for a second', async () => {
  const client = await connected({ token: ({ to }) => `for-${to ?? 'nobody'}` }, { tokenOnce: true });
  await client.call({ to: US });
  const calling = client.call({ to: UK });
  await authorized({ tokenOnce: true });
  await calling;
  assert.deepEqual(sent('authorize').map(({ token }) => token), [`for-${UK}`]);
  assert.equal(sent('start').length, 2);
});

test('a token for one call stays used when the socket comes back', async () => {
  const client = await connected({ token: () => 'once' }, { tokenOnce: true });
  await client.call({ to: US });
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's1', resume: 'r2', resumed: true, taken: 1, tokenOnce: true });
  const calling = client.call({ to: UK });
  await authorized();
  await calling;
  assert.equal(sent('authorize').length, 1);
});

test('with tokenPer each call has a token of its own, and the first call that of the sign-in', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' }, {}, { to: '+1 202 555 0100' });
  await client.call({ to: US });
  assert.deepEqual(asked.map(({ body }) => body), [{ to: US }]);
  const calling = client.call({ to: US });
  await authorized();
  await calling;
  assert.deepEqual(asked.map(({ body }) => body), [{ to: US }, { to: US }]);
});

test('no call is asked for by the token of another', async () => {
  const client = await connected({ token: async ({ to }) => `for-${to}`, tokenPer: 'call' });
  const calls = [client.call({ to: US }), client.call({ to: UK })];
  for (let i = 0; i < calls.length; i++) {
    await authorized();
  }
  await Promise.all(calls);
  const order = FakeSocket.last.sent.filter(({ type }) => type !== 'hello').map(({ type, token, to }) => token ?? `${type} ${to}`);
  assert.deepEqual(order, [`for-${US}`, `start ${US}`, `for-${UK}`, `start ${UK}`]);
});

for (const tokenPer of ['call', 'session']) {
  test(`the token of the sign-in is of no use once the gateway was shown another (${tokenPer})`, async () => {
    const client = await connected({ token: async ({ to }) => `for-${to}`, tokenPer }, {}, { to: US });
    const uk = client.call({ to: UK });
    await settled();
    if (tokenPer === 'session') {
      refused(FakeSocket.last.numbered.at(-1), 'token-expired');
      await settled();
    }
    const us = client.call({ to: US });
    await authorized();
    await authorized();
    await Promise.all([uk, us]);
    const order = FakeSocket.last.sent.filter(({ type }) => type !== 'hello').map(({ type, token, to }) => token ?? `${type} ${to}`);
    assert.deepEqual(order.slice(-4), [`for-${UK}`, `start ${UK}`, `for-${US}`, `start ${US}`]);
  });
}

test('a token that the gateway finds expired is replaced once, with the same offer', async () => {
  const client = await connected({ tokenUrl: TOKENS });
  const call = await client.call({ to: US });
  const [first] = FakeSocket.last.numbered.filter(({ type }) => type === 'start');
  refused(first, 'token-expired');
  await authorized();
  const starts = sent('start');
  assert.deepEqual(starts[1], starts[0]);
  assert.equal(call.state, 'connecting');
  refused(first, 'token-expired');
  await settled();
  assert.equal(sent('start').length, 2);
  assert.deepEqual([call.state, call.reason.cause], ['ended', 'token-expired']);
});

test('a call for help waits neither for a back end that refuses, nor for one that is slow, nor for a gateway that takes no token', async () => {
  const refuses = () => ({ ok: false, status: 403, json: async () => ({}) });
  const hangs = () => new Promise(() => {});
  for (const [why, answers] of [['refuses', refuses], ['hangs', hangs], ['is good', answer], ['is of another', answer]]) {
    answer = () => ({ ok: true, status: 200, json: async () => ({ token: 'of the sign-in' }) });
    const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' });
    answer = answers;
    const calling = client.call({ to: '112' });
    await settled();
    if (why === 'is of another') {
      refused(FakeSocket.last.numbered.at(-1), 'unauthorized');
      await settled();
    }
    mock.timers.tick(1999);
    await settled();
    assert.equal(sent('start').length, why === 'refuses' || why === 'is of another' ? 1 : 0, why);
    mock.timers.tick(1);
    await settled();
    const call = await calling;
    assert.deepEqual(sent('start').map(({ to }) => to), ['112'], why);
    if (why === 'is good') {
      await authorized(); // too late: it is not asked for twice
    }
    refused(FakeSocket.last.numbered.find(({ type }) => type === 'start'), 'token-expired');
    await settled();
    mock.timers.tick(2000);
    await settled();
    assert.equal(sent('start').length, 2, why);
    refused(FakeSocket.last.numbered.findLast(({ type }) => type === 'start'), 'token-expired');
    await settled();
    mock.timers.tick(2000);
    await settled();
    assert.deepEqual([sent('start').length, call.reason.cause], [2, 'token-expired'], why);
    client.close();
  }
});

test('a number that may be one for help is called by a token of its own, where there is one in time', async () => {
  const client = await connected({ token: ({ to }) => `for-${to ?? 'nobody'}`, tokenPer: 'call' });
  const calling = client.call({ to: '112' });
  await authorized();
  await calling;
  mock.timers.tick(2000);
  await settled();
  assert.deepEqual(sent('authorize').map(({ token }) => token), ['for-112']);
  assert.equal(sent('start').length, 1);
});

test('a call that is hung up while its token is replaced is not asked for again', async () => {
  const client = await connected({ tokenUrl: TOKENS });
  const call = await client.call({ to: US });
  refused(FakeSocket.last.numbered.at(-1), 'token-expired');
  call.hangup();
  await authorized();
  assert.equal(sent('start').length, 1);
  assert.equal(call.reason.cause, 'cancelled');
  assert.deepEqual(client.calls, []);
});

test('a token of the page’s own cannot be replaced: the call ends with what the gateway says', async () => {
  const client = await connected({ token: 'fixed' }, { tokenExpiresIn: 1 });
  const call = await client.call({ to: US });
  refused(FakeSocket.last.numbered.at(-1), 'token-expired');
  await settled();
  assert.equal(sent('authorize').length, 0);
  assert.equal(call.reason.cause, 'token-expired');
});

test('a token that the session’s is not of the same subject as opens another session, where no call is lost by it', async () => {
  const client = await connected({ token: async ({ to }) => `for-${to}`, tokenPer: 'call' });
  const calls = [client.call({ to: US }), client.call({ to: UK })];
  await settled();
  refused(FakeSocket.last.numbered.at(-1), 'unauthorized');
  await settled();
  assert.deepEqual([FakeSocket.made[0].code, client.state], [1000, 'connecting']);
  FakeSocket.last.open();
  const [hello] = sent('hello');
  assert.deepEqual([hello.token, hello.resume], [`for-${US}`, undefined]);
  FakeSocket.last.says({ type: 'welcome', session: 's2', resume: 'r2', resumed: false });
  await authorized(); // of the second call
  await Promise.all(calls);
  assert.deepEqual(FakeSocket.last.sent.map(({ type, token, to }) => token ?? `${type} ${to}`),
    [`for-${US}`, `start ${US}`, `for-${UK}`, `start ${UK}`]);
});

test('the same where the gateway has found the token of the session expired', async () => {
  const client = await connected({ tokenUrl: TOKENS });
  const call = await client.call({ to: US });
  const [first] = FakeSocket.last.numbered.filter(({ type }) => type === 'start');
  refused(first, 'token-expired');
  await settled();
  refused(FakeSocket.last.numbered.at(-1), 'unauthorized');
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's2', resume: 'r2', resumed: false });
  await settled();
  assert.deepEqual(FakeSocket.last.sent.map(({ type, token, to }) => token ?? `${type} ${to}`), ['token-2', `start ${US}`]);
  assert.equal(call.state, 'connecting');
});

test('a token that opens no session is shown once, and the call is not asked for', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' });
  const calling = client.call({ to: US });
  await settled();
  refused(FakeSocket.last.numbered.at(-1), 'unauthorized');
  await settled();
  FakeSocket.last.open();
  refused({}, 'unauthorized');
  await assert.rejects(calling, code('unauthorized'));
  await settled();
  assert.deepEqual([FakeSocket.made.length, asked.length, sent('start').length], [2, 2, 0]);
  assert.deepEqual([client.state, client.calls], ['closed', []]);
});

test('a refused token leaves a session with calls as it was, and the call is not asked for', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' }, {}, { to: US });
  const call = await client.call({ to: US });
  const calling = client.call({ to: UK });
  await settled();
  refused(FakeSocket.last.numbered.at(-1), 'unauthorized');
  await assert.rejects(calling, code('unauthorized'));
  assert.equal(sent('start').length, 1);
  assert.deepEqual([FakeSocket.made.length, client.state, client.calls], [1, 'connected', [call]]);
});

test('a token on which the gateway keeps silent is given up, and later calls go on', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' });
  const calling = client.call({ to: US });
  await settled();
  const later = client.call({ to: UK });
  later.catch(() => {});
  await settled();
  for (let passed = 0; passed < 10_000; passed += 500) {
    mock.timers.tick(500);
    FakeSocket.last.says({ type: 'pong' }); // the socket is alive
  }
  await assert.rejects(calling, code('not-connected'));
  await authorized();
  assert.equal((await later).to, UK);
});

test('a client that is closed while it shows a token does not leave the call waiting', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' });
  const calling = client.call({ to: US });
  await settled();
  client.close();
  await assert.rejects(calling, code('not-connected'));
});

test('a session that is lost while it shows a token does not leave the call waiting', async () => {
  const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call' });
  const calling = client.call({ to: US });
  await settled();
  client.addEventListener('disconnected', () => {});
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's2', resume: 'r2' }); // another session: its own sign-in follows
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's2', resume: 'r2' });
  await assert.rejects(calling, code('not-connected'));
});

test('what the back end answers says whether trying again makes sense', async () => {
  for (const [status, retryable] of [[401, false], [403, false], [404, false], [408, true], [429, true], [500, true], [503, true]]) {
    answer = () => ({ ok: false, status, json: async () => ({ token: 'not for you' }) });
    const connecting = new RingdownClient({ url: URL, environment, tokenUrl: TOKENS }).connect();
    await assert.rejects(connecting, (error) => error.code === 'token-failed' && error.retryable === retryable && error.message.includes(status));
  }
});

test('an answer without a token, or that is no JSON, is a failed token', async () => {
  for (const json of [async () => ({}), async () => null, async () => ({ token: 7 }), async () => JSON.parse('<html>')]) {
    answer = () => ({ ok: true, status: 200, json });
    await assert.rejects(new RingdownClient({ url: URL, environment, tokenUrl: TOKENS }).connect(), code('token-failed'));
  }
});

test('a back end that cannot be reached may be there later', async () => {
  answer = () => {
    throw new TypeError('Failed to fetch');
  };
  const connecting = new RingdownClient({ url: URL, environment, tokenUrl: TOKENS }).connect();
  await assert.rejects(connecting, (error) => error.code === 'token-failed' && error.retryable && error.cause instanceof TypeError);
});

/** A call that is answered, and can be transferred. */
async function talking(client) {
  const call = await client.call({ to: US });
  const { ref } = FakeSocket.last.numbered.at(-1);
  FakeSocket.last.says({ type: 'answer', ref, call: 'c1', sdp: 'v=0' });
  FakeSocket.last.says({ type: 'established', call: 'c1' });
  return call;
}

/** The gateway refuses the token of the transfer that was asked for last. */
const transferRefused = () =>
  FakeSocket.last.says({ type: 'error', call: 'c1', ref: FakeSocket.last.numbered.at(-1).ref, code: 'token-expired', text: '' });

test('a transfer has a token too, and another one where the gateway wants it', async () => {
  const client = await connected({ token: ({ to }) => `for-${to}` });
  const call = await talking(client);
  const done = call.transfer(UK);
  transferRefused();
  await authorized();
  assert.deepEqual(sent('authorize').map(({ token }) => token), [`for-${UK}`]);
  FakeSocket.last.says({ type: 'transfer', call: 'c1', ref: FakeSocket.last.numbered.at(-1).ref, stage: 'done', number: UK });
  await done;
  assert.equal(sent('transfer').length, 2);
});

test('a transfer to who has called asks for a token with their number, or with none where that is withheld', async () => {
  for (const [from, body] of [[UK, { to: UK }], ['', {}]]) {
    const client = await connected({ tokenUrl: TOKENS, tokenPer: 'call', resume: false }, {}, { to: US });
    const call = await talking(client);
    let caller;
    client.addEventListener('incoming', (event) => { caller = event.call; });
    FakeSocket.last.says({ type: 'incoming', call: 'c2', from, to: '+12025550199' });
    call.transfer(caller).catch(() => {});
    await settled();
    assert.deepEqual(asked.at(-1).body, body);
    client.close();
  }
});

test('a transfer is not asked for twice by a token of the page’s own', async () => {
  const client = await connected({ token: 'fixed' });
  const call = await talking(client);
  const done = call.transfer(UK);
  transferRefused();
  await assert.rejects(done, code('token-expired'));
  assert.equal(sent('transfer').length, 1);
});

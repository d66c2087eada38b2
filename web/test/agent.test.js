import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { Agent } from '../sdk/agent.js';
import { RingdownClient } from '../sdk/index.js';
import { FakeSocket, fakeEnvironment, settled } from './fakes.js';

const ALICE = { user: 'alice', name: 'Alice', extension: '12', groups: ['sales'], supervises: ['sales'], state: 'away', sinceMillis: 60_000 };
const welcome = (more = {}) => ({ type: 'welcome', session: 's', resume: 'r', numbers: [], iceServers: [], taken: 0, ...more });

/** @type {RingdownClient[]} */
const clients = [];

afterEach(() => clients.splice(0).forEach((client) => client.close()));

async function signedIn(agentFields = ALICE) {
  const client = new RingdownClient({ url: 'wss://gateway.example', environment: fakeEnvironment() });
  const agent = new Agent(client);
  clients.push(client);
  const connected = client.connect();
  await settled();
  const socket = FakeSocket.last;
  socket.open();
  socket.says(welcome(agentFields ? { agent: agentFields } : {}));
  await connected;
  return { client, agent, socket };
}

/** The last message of a type; the gateway answers with the `ref` as it was sent. */
const sent = (socket, type) => socket.sentOfType(type).at(-1);

async function talking({ client, socket }, id) {
  const calling = client.call({ to: '+12025550100' });
  await settled();
  socket.says({ type: 'answer', call: id, ref: sent(socket, 'start').ref, sdp: 'answer' });
  socket.says({ type: 'established', call: id });
  return calling;
}

test('the welcome says who this is; without an account there is nobody', async () => {
  const { agent } = await signedIn();
  assert.deepEqual({ ...agent.self }, { user: 'alice', name: 'Alice', extension: '12', groups: ['sales'], supervises: ['sales'] });
  assert.equal(agent.availability.state, 'away');
  assert.ok(Date.now() - agent.availability.since.getTime() >= 60_000);
  const stranger = await signedIn(null);
  assert.equal(stranger.agent.self, null);
  assert.equal(stranger.agent.availability, null);
});

test('availability is what the gateway tells, whoever has changed it', async () => {
  const { agent, socket } = await signedIn();
  let told = 0;
  agent.addEventListener('availabilitychange', () => told++);
  const done = agent.setAvailability('busy', 'paperwork');
  const { ref, ...asked } = sent(socket, 'availability');
  assert.deepEqual(asked, { type: 'availability', state: 'busy', reason: 'paperwork' });
  socket.says({ type: 'availability', ref, state: 'busy', reason: 'paperwork', sinceMillis: 0 });
  await done;
  socket.says({ type: 'availability', state: 'available', sinceMillis: 0 });
  assert.deepEqual([agent.availability.state, agent.availability.reason, told], ['available', '', 2]);
});

test('what the gateway refuses fails with its words', async () => {
  const { agent, socket } = await signedIn();
  const refused = assert.rejects(agent.setAvailability('away'), (error) => error.code === 'not-permitted' && error.message === 'No.');
  socket.says({ type: 'error', ref: sent(socket, 'availability').ref, code: 'not-permitted', text: 'No.' });
  await refused;
});

test('colleagues and groups follow what is told, and are asked for again by another session', async () => {
  const { agent, socket, client } = await signedIn();
  const watching = agent.watch(true);
  const bob = { user: 'bob', extension: '13', groups: ['sales'], state: 'on-call', sinceMillis: 0, calls: [{ call: 'c1', state: 'established', with: '+49301' }] };
  socket.says({ type: 'colleagues', ref: sent(socket, 'watch').ref, list: [bob], groups: [{ group: 'sales', waiting: 2, longestWaitMillis: 5000 }] });
  await watching;
  assert.deepEqual([agent.colleagues[0].name, agent.colleagues[0].calls[0].call, agent.groups[0].waiting], ['bob', 'c1', 2]);
  socket.says({ type: 'colleague', user: 'bob', name: 'Bob', groups: [], state: 'available', sinceMillis: 0 });
  socket.says({ type: 'group', group: 'sales', waiting: 0 });
  assert.deepEqual([agent.colleagues.length, agent.colleagues[0].name, agent.colleagues[0].calls.length], [1, 'Bob', 0]);
  assert.deepEqual([agent.groups[0].waiting, agent.groups[0].longestSince], [0, null]);
  socket.vanish();
  const again = client.connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ agent: ALICE }));
  await again;
  assert.equal(sent(FakeSocket.last, 'watch').on, true);
});

/** The socket is lost with what the gateway has told, and the client comes back to its session: `taken` is how far the gateway has come. */
async function backAgain({ client, socket }, more) {
  const { seq } = socket.numbered.at(-1);
  socket.vanish();
  const back = client.connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ resumed: true, taken: seq, agent: ALICE, ...more }));
  await back;
  return FakeSocket.last;
}

test('availability whose answer was lost with the socket is settled by the welcome, with its reason', async () => {
  const world = await signedIn();
  const { agent } = world;
  const first = agent.setAvailability('busy');
  const second = agent.setAvailability('away', 'lunch');
  await backAgain(world, { agent: { ...ALICE, state: 'away' } });
  await Promise.all([first, second]);
  assert.deepEqual([agent.availability.state, agent.availability.reason], ['away', 'lunch']);
});

test('availability that the gateway has taken and that is not so fails, and may be tried again', async () => {
  const world = await signedIn();
  const pending = assert.rejects(world.agent.setAvailability('available'), { code: 'not-connected', retryable: true });
  await backAgain(world, { agent: ALICE });
  await pending;
  assert.equal(world.agent.availability.state, 'away');
});

test('what the gateway has not taken is said again, and waits for its answer', async () => {
  const world = await signedIn();
  let settledBy = '';
  const pending = world.agent.setAvailability('away', 'lunch').then(() => (settledBy += 'answer'));
  const again = await backAgain(world, { taken: 0 });
  await settled();
  assert.equal(settledBy, '');
  again.says({ type: 'availability', ref: sent(again, 'availability').ref, state: 'away', reason: 'lunch', sinceMillis: 0 });
  await pending;
});

test('watch() whose answer was lost with the socket is answered when it is asked again, however often', async () => {
  const world = await signedIn();
  const { agent, client } = world;
  const watching = agent.watch(true);
  const lostToo = await backAgain(world);
  const there = await backAgain({ client, socket: lostToo });
  there.says({ type: 'colleagues', ref: sent(there, 'watch').ref, list: [{ user: 'bob', state: 'away' }], groups: [] });
  await watching;
  assert.equal(agent.colleagues.length, 1);
});

test('who gives watch() up, or has no account any more, waits for no answer that was lost', async () => {
  const world = await signedIn();
  const givenUp = assert.rejects(world.agent.watch(true), { code: 'not-connected' });
  await world.agent.watch(false);
  await backAgain(world);
  await givenUp;
  const stranger = await signedIn();
  const refused = [stranger.agent.setAvailability('busy'), stranger.agent.watch(true)].map((each) => assert.rejects(each, { code: 'not-an-agent' }));
  await backAgain(stranger, { agent: undefined });
  await Promise.all(refused);
});

test('a refusal comes still, though the socket was lost meanwhile', async () => {
  const world = await signedIn(null);
  const pending = assert.rejects(world.agent.setAvailability('busy'), { code: 'not-an-agent', message: 'No.' });
  const { ref } = sent(world.socket, 'availability');
  const back = await backAgain(world, { agent: undefined });
  back.says({ type: 'error', seq: 1, ref, code: 'not-an-agent', text: 'No.' });
  await pending;
});

test('who does not watch any more is told no more, and waits for nothing', async () => {
  const { agent, socket } = await signedIn();
  void agent.watch(true);
  socket.says({ type: 'colleagues', ref: sent(socket, 'watch').ref, list: [{ user: 'bob', state: 'away' }], groups: [] });
  await agent.watch(false);
  assert.equal(sent(socket, 'watch').on, false);
  socket.says({ type: 'colleague', user: 'bob', state: 'available' });
  assert.deepEqual(agent.colleagues, []);
});

test('an incoming call is told with its group and its wait, beside the call', async () => {
  const { agent, socket, client } = await signedIn();
  let call;
  client.addEventListener('incoming', (event) => (call = event.call));
  socket.says({ type: 'incoming', call: 'i1', from: '+49301', to: '+49302', group: 'sales', waited: 7000, transferredBy: 'Bob' });
  assert.deepEqual({ ...agent.errandOf(call) },
    { group: 'sales', waitedMillis: 7000, originated: false, to: '+49302', transferredBy: 'Bob' });
});

test('two calls are joined and parted', async () => {
  const world = await signedIn();
  const { agent, socket } = world;
  const [a, b] = [await talking(world, 'a'), await talking(world, 'b')];
  const told = [];
  agent.addEventListener('conferencechange', (event) => told.push([event.call, event.with, event.on]));
  const joined = agent.conference(a, b);
  const { ref } = sent(socket, 'conference');
  socket.says({ type: 'conference', ref, call: 'a', with: 'b', on: true });
  await joined;
  assert.deepEqual([agent.conferenceOf(a), agent.conferenceOf(b)], ['b', 'a']);
  socket.says({ type: 'conference', call: 'b', with: 'a', on: false });
  assert.deepEqual([agent.conferenceOf(a), agent.conferenceOf(b)], [null, null]);
  assert.deepEqual(told, [['a', 'b', true], ['b', 'a', false]]);
});

test('a conference is there still for who comes back: to a page that was loaded again, and where what was told is gone', async () => {
  const entry = (call, more) => ({ call, direction: 'outbound', state: 'established', to: '+49301', held: 'none', muted: false, secureInput: false, media: 'kept', ...more });
  const client = new RingdownClient({ url: 'wss://gateway.example', environment: fakeEnvironment(), resume: 'page' });
  const agent = new Agent(client);
  clients.push(client);
  const told = [];
  agent.addEventListener('conferencechange', (event) => told.push([event.call, event.with, event.on]));
  let found = null;
  client.addEventListener('resumed', ({ calls }) => (found = calls.map((call) => agent.conferenceOf(call))));
  const connected = client.connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ resumed: true, agent: ALICE, calls: [entry('a', { conference: 'b' }), entry('b', { conference: 'a' }), entry('c')] }));
  await connected;
  assert.deepEqual(found, ['b', 'a', null], 'known before the page is told of its calls');
  const again = async (calls) => {
    told.length = 0;
    FakeSocket.last.vanish();
    const back = client.connect();
    await settled();
    FakeSocket.last.open();
    FakeSocket.last.says(welcome({ resumed: true, gap: true, agent: ALICE, calls }));
    await back;
  };
  await again([entry('a', { conference: 'b' }), entry('b', { conference: 'a' }), entry('c')]);
  assert.deepEqual(told, [], 'it has never been another');
  await again([entry('a', { conference: 'c' }), entry('b'), entry('c', { conference: 'a' })]);
  assert.deepEqual(client.calls.map((call) => [call.id, agent.conferenceOf(call)]), [['a', 'c'], ['b', null], ['c', 'a']]);
  await again([entry('a'), entry('b'), entry('c')]);
  assert.deepEqual(client.calls.map((call) => agent.conferenceOf(call)), [null, null, null]);
});

test('a supervision begins by listening, changes its mode and ends alone', async () => {
  const { agent, socket } = await signedIn();
  const supervision = await agent.supervise('c1');
  const { ref, sdp, ...asked } = sent(socket, 'supervise');
  assert.deepEqual(asked, { type: 'supervise', call: 'c1', mode: 'listen' });
  assert.match(sdp, /^offer/);
  let established = 0;
  supervision.addEventListener('established', () => established++);
  socket.says({ type: 'answer', call: 's1', ref, sdp: 'answer' });
  socket.says({ type: 'supervising', call: 's1', of: 'c1', mode: 'listen' });
  assert.deepEqual([established, supervision.call.state, agent.supervisions.length], [1, 'established', 1]);
  const changed = supervision.setMode('whisper');
  const change = sent(socket, 'supervise');
  assert.deepEqual([change.call, change.mode, change.sdp], ['s1', 'whisper', undefined]);
  socket.says({ type: 'supervising', call: 's1', of: 'c1', mode: 'whisper', ref: change.ref });
  await changed;
  assert.equal(supervision.mode, 'whisper');
  let ended = 0;
  supervision.addEventListener('ended', () => ended++);
  supervision.hangup();
  assert.equal(sent(socket, 'hangup').call, 's1');
  assert.deepEqual([ended, agent.supervisions.length], [1, 0]);
});

test('a supervision that is refused or given up before its answer leaves nothing behind', async () => {
  const { agent, socket } = await signedIn();
  const refused = await agent.supervise('c1');
  socket.says({ type: 'error', ref: sent(socket, 'supervise').ref, code: 'not-permitted', text: 'No.' });
  assert.equal(refused.call.reason.cause, 'not-permitted');
  const givenUp = await agent.supervise('c1');
  const { ref } = sent(socket, 'supervise');
  givenUp.hangup();
  assert.equal(socket.sentOfType('hangup').length, 0);
  socket.says({ type: 'answer', call: 's2', ref, sdp: 'answer' });
  assert.equal(sent(socket, 'hangup').call, 's2');
  assert.deepEqual(agent.supervisions, []);
});

test('with another session, nothing of the one before is left', async () => {
  const world = await signedIn();
  const { agent, socket, client } = world;
  const pending = assert.rejects(agent.setAvailability('away'), { code: 'not-connected' });
  const supervision = await agent.supervise('c1');
  socket.vanish();
  const again = client.connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ agent: ALICE }));
  await again;
  await pending;
  assert.equal(supervision.call.state, 'ended');
});

test('who supervises is told to who is supervised, not more', async () => {
  const { agent, socket } = await signedIn();
  let told = null;
  agent.addEventListener('supervised', ({ call, mode, by }) => (told = { call, mode, by }));
  socket.says({ type: 'supervised', call: 'a', mode: 'whisper', by: 'carol' });
  assert.deepEqual(told, { call: 'a', mode: 'whisper', by: 'carol' });
});

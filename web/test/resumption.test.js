import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { FakeAudioContext, FakePeer, FakeSocket, FakeStorage, FakeStream, FakeTrack, fakeEnvironment, settled } from './fakes.js';

const URL = 'ws://gateway.example/v1/rtc';
const CALL = 'c'.repeat(32);
const ANSWER = 'v=0\r\na=rtpmap:110 telephone-event/48000\r\n';

let environment;
let clients;

beforeEach(() => {
  environment = Object.assign(fakeEnvironment(), { network: new EventTarget() });
  clients = [];
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
});

afterEach(() => {
  clients.forEach((each) => each.close());
  mock.timers.reset();
});

const code = (expected) => (error) => error.code === expected;
const says = (message) => FakeSocket.last.says(message);
const sent = (type) => FakeSocket.last.sentOfType(type);
const stored = () => JSON.parse(environment.storage.getItem('ringdown.session'));

/** The gateway greets on the last socket. */
async function greet(more = {}) {
  await settled();
  FakeSocket.last.open();
  welcome(more);
  await settled();
}

function welcome(more) {
  says({ type: 'welcome', session: 's1', resume: 'r1', numbers: [], iceServers: [], resumed: false, taken: 0, ...more });
}

/** A page that is loaded: a client of its own over the tab's storage. */
function page(options = {}) {
  const client = new RingdownClient({ url: URL, environment, ...options });
  clients.push(client);
  return client;
}

async function connected(options, more) {
  const client = page(options);
  const connecting = client.connect();
  await greet(more);
  await connecting;
  return client;
}

async function established(client, options = {}) {
  const call = await client.call({ to: '+12025550100', ...options });
  says({ type: 'answer', call: CALL, ref: sent('start').at(-1).ref, sdp: ANSWER, seq: 1 });
  says({ type: 'established', call: CALL, seq: 2 });
  await settled();
  FakePeer.last.path('connected');
  return call;
}

/** The page goes, as a browser lets it go: its socket, its connections, and none of its code runs any more. */
function unload(client) {
  FakeSocket.last.onmessage = FakeSocket.last.onclose = null;
  clients = clients.filter((each) => each !== client);
  environment.window = new EventTarget();
  environment.network = new EventTarget();
}

const ENTRY = { call: CALL, direction: 'outbound', state: 'established', to: '+12025550100', held: 'none', muted: false, secureInput: false };

function names(target, ...types) {
  const story = [];
  types.forEach((type) => target.addEventListener(type, (event) => story.push(event.error ? `${type} ${event.error.code}` : type)));
  return story;
}

// -- a socket is lost --

test('what the gateway has not taken is sent again before anything else, and nothing else is', async () => {
  const client = await connected();
  const call = await established(client);
  call.mute();
  call.unmute();
  const { numbered } = FakeSocket.last;
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  client.addEventListener('connected', () => call.mute());
  await greet({ resumed: true, taken: 2 });
  const [hello, again, then, ...rest] = FakeSocket.last.numbered;
  assert.deepEqual([hello.resume, hello.received], ['r1', 2]);
  assert.deepEqual({ ...again, ack: 0 }, { ...numbered.find(({ seq }) => seq === 3), ack: 0 });
  assert.deepEqual([then.type, then.muted, then.seq], ['mute', true, 4]);
  assert.deepEqual(rest, []);
});

test('much that the gateway has not taken is sent again no faster than it takes it, and what is new comes behind', async () => {
  const client = await connected();
  const call = await established(client);
  for (let i = 0; i < 50; i++) {
    call.mute();
    call.unmute();
  }
  const owed = FakeSocket.last.numbered.map(({ seq }) => seq).filter((seq) => seq > 2);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, taken: 2 });
  call.mute();
  const again = () => FakeSocket.last.numbered.map(({ seq }) => seq).filter(Boolean);
  for (let before = 0; again().length <= owed.length; before = again().length) {
    assert.ok(again().length - before <= 10, `${again().length - before} at once`);
    assert.ok(sent('ping').every(({ ref }) => ref === undefined), 'no pong may stand for what has not been sent');
    mock.timers.tick(500);
    says({ type: 'pong' });
    assert.ok(again().length > before, 'it goes on');
  }
  assert.deepEqual(again(), [...owed, owed.at(-1) + 1]);
  assert.equal(FakeSocket.last.numbered.at(-1).type, 'mute');
});

test('a message that is told twice is taken once', async () => {
  const client = await connected();
  const call = await established(client);
  const digits = [];
  call.addEventListener('dtmf', ({ digit }) => digits.push(digit));
  for (const [digit, seq] of [['1', 3], ['1', 3], ['2', 4], ['1', 3]]) {
    says({ type: 'dtmf', call: CALL, digit, duration: 100, seq });
  }
  assert.deepEqual(digits, ['1', '2']);
});

test('a call that started while its socket was dying is started once, and is found again', async () => {
  const client = await connected();
  const call = await client.call({ to: '+12025550100' });
  const [{ seq }] = FakeSocket.last.numbered.filter(({ type }) => type === 'start');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, taken: seq - 1 });
  const [start] = FakeSocket.last.numbered.filter(({ type }) => type === 'start');
  assert.equal(start.seq, seq);
  says({ type: 'answer', call: CALL, ref: start.ref, sdp: ANSWER, seq: 1 });
  assert.equal(call.id, CALL);
});

test('a call that is missing where messages are missing has ended; one that this page does not know comes up', async () => {
  const client = await connected();
  const call = await established(client);
  const resumed = [];
  client.addEventListener('resumed', (event) => resumed.push(...event.calls));
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 9, calls: [{ ...ENTRY, call: 'd'.repeat(32) }] });
  assert.equal(call.reason.cause, 'socket-lost');
  assert.deepEqual(resumed.map(({ id }) => id), ['d'.repeat(32)]);
});

test('where messages are missing, the call is as the gateway says, and what is new is told', async () => {
  const client = await connected();
  const call = await client.call({ to: '+12025550100' });
  says({ type: 'answer', call: CALL, ref: sent('start')[0].ref, sdp: ANSWER, seq: 1 });
  const story = names(call, 'established', 'held', 'localmuted', 'localunmuted', 'secureinputchange');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 1, calls: [{ ...ENTRY, held: 'telephone', secureInput: true, muted: true, sinceMillis: 9000 }] });
  assert.deepEqual(story, ['established', 'held', 'localmuted', 'secureinputchange']);
  assert.deepEqual([call.state, call.heldBy, call.muted, call.secureInput], ['established', 'telephone', true, true]);
  assert.equal(Date.now() - call.establishedAt.getTime(), 9000);
  assert.deepEqual(sent('mute'), []);
  FakeSocket.last.vanish();
  call.unmute();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 1, calls: [{ ...ENTRY, secureInput: true, muted: true }] });
  assert.deepEqual([call.muted, call.heldBy, sent('mute').length], [false, null, 1], 'the gateway did not know the last word yet');
});

test('where messages are missing, an accept of which the gateway knows nothing any more has failed', async () => {
  const client = await connected();
  says({ type: 'incoming', call: CALL, to: '+12025550199', from: '+12025550123', seq: 1 });
  const [call] = client.calls;
  await call.accept();
  const entry = { ...ENTRY, direction: 'inbound', state: 'incoming' };
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 0, calls: [entry] });
  assert.deepEqual([call.state, sent('accept').length], ['connecting', 1], 'it is said again');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 1, calls: [entry] });
  assert.deepEqual([call.state, sent('accept').length], ['incoming', 0]);
});

test('where messages are missing, a call that was being started is not hung up by its late answer', async () => {
  const client = await connected();
  const call = await client.call({ to: '+12025550100' });
  const { ref } = sent('start')[0];
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 0 });
  assert.deepEqual([call.state, sent('start').length], ['connecting', 1], 'the gateway has not heard of it');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 1, calls: [{ ...ENTRY, state: 'ringing' }] });
  says({ type: 'answer', call: CALL, ref, sdp: ANSWER, seq: 4 });
  assert.equal(call.reason.cause, 'socket-lost');
  assert.deepEqual(client.calls.map(({ id, state }) => [id, state]), [[CALL, 'ringing']]);
  assert.deepEqual(sent('hangup'), []);
});

test('a call that was hung up here does not come up again because messages are missing', async () => {
  const client = await connected();
  const call = await established(client);
  FakeSocket.last.vanish();
  call.hangup();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 1, calls: [ENTRY] });
  assert.deepEqual(client.calls, []);
  assert.equal(sent('hangup').length, 1);
});

test('an accept while the socket is away fails, and the call goes on ringing and can be accepted when it is back', async () => {
  const client = await connected();
  says({ type: 'incoming', call: CALL, to: '+12025550199', from: '+12025550123', seq: 1 });
  const [call] = client.calls;
  const story = names(call, 'statechange');
  FakeSocket.last.vanish();
  await assert.rejects(call.accept(), code('not-connected'));
  assert.deepEqual([call.state, story, FakePeer.last.closed], ['incoming', [], true]);
  mock.timers.tick(500);
  await greet({ resumed: true, taken: 0 });
  await call.accept();
  assert.deepEqual([call.state, sent('accept').length], ['connecting', 1]);
});

test('a probe that is answered leaves the socket; one that is not replaces it after a second and a half, without waiting', async () => {
  const client = await connected();
  const first = FakeSocket.last;
  environment.window.dispatchEvent(new Event('online'));
  environment.network.dispatchEvent(new Event('change'));
  assert.equal(first.sentOfType('ping').length, 1);
  says({ type: 'pong', ref: first.sentOfType('ping')[0].ref });
  mock.timers.tick(1500);
  assert.ok(!first.closed);
  environment.window.dispatchEvent(new Event('online'));
  mock.timers.tick(1500);
  assert.deepEqual([first.closed, first.code], [true, undefined], 'and the gateway waits for us');
  mock.timers.tick(0);
  await greet({ resumed: true });
  assert.equal(client.state, 'connected');
  assert.equal(FakeSocket.made.length, 2);
});

test('a page that comes out of the browser’s memory looks whether its socket is still there', async () => {
  await connected();
  environment.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  assert.equal(sent('ping').length, 0);
  environment.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  assert.equal(sent('ping').length, 1);
});

test('a page that comes out of the browser’s memory takes the session from the page that was shown in its place', async () => {
  const client = await connected();
  const call = await established(client);
  environment.storage.setItem('ringdown.session', JSON.stringify({ ...stored(), token: 'r9' }));
  environment.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  assert.equal(call.reason.cause, 'taken-over');
  await greet({ resumed: true, taken: 40, calls: [ENTRY] });
  assert.deepEqual([sent('hello')[0].resume, sent('hello')[0].received], ['r9', undefined]);
  assert.equal(client.calls.length, 1);
});

// -- a page is loaded again --

test('after a reload the call comes back in its state, with sound of a new connection', async () => {
  const before = await connected();
  await established(before);
  unload(before);
  const client = page();
  const story = names(client, 'connected', 'resumed', 'incoming');
  const connecting = client.connect();
  await greet({
    resumed: true, taken: 1, resume: 'r2',
    calls: [{ ...ENTRY, held: 'telephone', muted: true, secureInput: true, sinceMillis: 65_000, media: 'wanted' }],
  });
  await connecting;
  assert.deepEqual(story, ['connected', 'resumed']);
  const [call] = client.calls;
  assert.deepEqual(
    [call.id, call.direction, call.state, call.to, call.heldBy, call.muted, call.secureInput],
    [CALL, 'outgoing', 'established', '+12025550100', 'telephone', true, true],
  );
  assert.equal(Date.now() - call.establishedAt.getTime(), 65_000);
  assert.ok(!FakePeer.last.transceiver.track.enabled, 'muted it stays');
  const [update] = FakeSocket.last.numbered.filter(({ type }) => type === 'update');
  assert.equal(update.seq, 2);
  says({ type: 'answer', call: CALL, ref: update.ref, sdp: ANSWER, seq: 3 });
  await settled();
  assert.equal(FakePeer.last.remoteDescription.sdp, ANSWER);
  assert.equal(call.digitsBy, 'rtp');
  assert.equal(stored().token, 'r2');
});

test('a call that rang before a reload rings again', async () => {
  unload(await connected());
  const client = page();
  const rung = [];
  client.addEventListener('incoming', ({ call }) => rung.push([call.from, call.name, call.headers['X-Queue'], call.diverted?.reason]));
  client.connect();
  await greet({
    resumed: true,
    calls: [{
      ...ENTRY, direction: 'inbound', state: 'incoming', from: '+12025550123', name: 'Ann',
      headers: { 'X-Queue': '7' }, diverted: { reason: 'no-answer' },
    }],
  });
  assert.deepEqual(rung, [['+12025550123', 'Ann', '7', 'no-answer']]);
  assert.ok(FakeAudioContext.made.at(-1).playing);
  assert.deepEqual(sent('update'), []);
  await client.calls[0].accept();
  assert.equal(sent('accept').length, 1);
});

test('a call that still rings at the other side says so again after a reload', async () => {
  unload(await connected());
  const client = await connected({}, { resumed: true, calls: [{ ...ENTRY, state: 'ringing' }] });
  assert.equal(client.calls[0].state, 'ringing');
  assert.ok(FakeAudioContext.made.at(-1).playing);
  assert.equal(sent('update').length, 1);
});

test('the microphone of a reloaded page is the one that it was, or none', async () => {
  for (const [microphone, expected] of [
    [true, true],
    [{ echoCancellation: false }, { deviceId: 'desk' }],
    [false, null],
    [new FakeStream([Object.assign(new FakeTrack(), { getSettings: () => ({ deviceId: 'desk' }) })]), { deviceId: 'desk' }],
  ]) {
    environment.storage = new FakeStorage();
    environment.microphone = async () => new FakeStream([Object.assign(new FakeTrack(), { getSettings: () => ({ deviceId: 'desk' }) })]);
    const before = await connected();
    await established(before, { microphone });
    unload(before);
    const asked = [];
    environment.microphone = async ({ audio }) => {
      asked.push(audio);
      return new FakeStream();
    };
    await connected({}, { resumed: true, calls: [ENTRY] });
    assert.deepEqual(asked, expected === null ? [] : [expected]);
    assert.equal(sent('update').length, 1);
  }
});

test('a reloaded page without a microphone keeps the call, says so, and can try again', async () => {
  unload(await connected());
  environment.microphone = () => Promise.reject(Object.assign(new Error(), { name: 'NotAllowedError' }));
  const client = page();
  const errors = [];
  client.addEventListener('resumed', ({ calls }) => errors.push(names(calls[0], 'error', 'ended')));
  client.connect();
  await greet({ resumed: true, calls: [ENTRY] });
  assert.deepEqual(errors, [['error microphone-denied']]);
  const [call] = client.calls;
  await assert.rejects(call.restoreMedia(), code('microphone-denied'));
  await call.restoreMedia({ microphone: false });
  assert.equal(sent('update').length, 1);
  assert.equal(call.state, 'established');
});

test('a call that ended while the page was loading is not there, and a session that is not is a new one', async () => {
  unload(await connected());
  assert.deepEqual((await connected({}, { resumed: true, calls: [] })).calls, []);
  unload(clients.at(-1));
  await connected({}, { session: 's2', resume: 'r7', resumed: false });
  assert.equal(stored().token, 'r7');
});

test('what the tab keeps is the token, the gateway and the microphone; close() leaves nothing, and resume: false keeps nothing', async () => {
  const client = await connected();
  await established(client);
  assert.deepEqual(stored(), { url: URL, token: 'r1', microphone: true });
  assert.ok(![...environment.storage.kept.values()].join().includes('2025550100'));
  client.close();
  assert.equal(FakeSocket.last.code, 1000, 'the gateway need not wait');
  assert.equal(environment.storage.kept.size, 0);
  await connected({ resume: false });
  assert.equal(environment.storage.kept.size, 0);
  await connected({ resume: 'left' });
  assert.deepEqual([...environment.storage.kept.keys()], ['ringdown.session.left']);
});

test('what answers the page that was there before a reload is not taken for an answer to this one', async () => {
  let n = 0;
  environment.random = () => (n = (n + 0.37) % 1);
  const before = await connected();
  const call = await established(before);
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  const [update] = sent('update');
  assert.ok(update.ref.length <= 64);
  unload(before);
  await connected({}, { resumed: true, taken: 2, calls: [ENTRY] });
  assert.notEqual(sent('update')[0].ref, update.ref);
  says({ type: 'answer', call: CALL, ref: update.ref, sdp: ANSWER, seq: 3 });
  await settled();
  assert.equal(FakePeer.last.remoteDescription, null);
  says({ type: 'answer', call: CALL, ref: sent('update')[0].ref, sdp: ANSWER, seq: 4 });
  await settled();
  assert.equal(FakePeer.last.remoteDescription.sdp, ANSWER);
  assert.equal(call.state, 'established');
});

// -- the gateway asks for a new connection --

test('a connection that the gateway has lost is replaced, with the same microphone', async () => {
  const client = await connected();
  const call = await established(client);
  environment.microphone = () => assert.fail('asked again');
  const [before] = FakePeer.made;
  says({ type: 'renew', call: CALL, seq: 3 });
  await settled();
  assert.ok(before.closed);
  assert.equal(FakePeer.made.length, 2);
  assert.equal(FakePeer.last.transceiver.track, before.transceiver.track);
  assert.equal(before.transceiver.track.readyState, 'live');
  const [{ ref, sdp }] = sent('update');
  assert.equal(sdp, 'offer-2');
  says({ type: 'answer', call: CALL, ref, sdp: ANSWER, seq: 4 });
  await settled();
  assert.equal(FakePeer.last.remoteDescription.sdp, ANSWER);
  call.hangup();
  assert.equal(FakePeer.last.transceiver.track.readyState, 'ended');
});

test('a connection that is wanted twice is made once: what is on its way is new enough', async () => {
  const client = await connected();
  await established(client);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, taken: 1, calls: [{ ...ENTRY, media: 'wanted' }] });
  says({ type: 'renew', call: CALL, seq: 3 });
  await settled();
  assert.deepEqual([FakePeer.made.length, sent('update').length], [2, 1]);
  mock.timers.tick(10_000);
  says({ type: 'renew', call: CALL, seq: 4 });
  await settled();
  assert.deepEqual([FakePeer.made.length, sent('update').length], [3, 2], 'no answer comes to the one before');
  says({ type: 'answer', call: CALL, ref: sent('update')[1].ref, sdp: ANSWER, seq: 5 });
  await settled();
  says({ type: 'renew', call: CALL, seq: 6 });
  await settled();
  assert.equal(sent('update').length, 3);
});

test('a connection is made once while a reloaded page asks for its microphone, and the last wish counts', async () => {
  unload(await connected());
  const asked = [];
  environment.microphone = () => new Promise((give, refuse) => asked.push({ give, refuse }));
  const client = await connected({}, { resumed: true, calls: [{ ...ENTRY, media: 'wanted' }] });
  const [call] = client.calls;
  const story = names(call, 'error');
  says({ type: 'renew', call: CALL, seq: 1 });
  await settled();
  assert.equal(asked.length, 1);
  const overtaken = assert.rejects(call.restoreMedia(), code('aborted'));
  const restored = call.restoreMedia();
  asked[0].refuse(Object.assign(new Error(), { name: 'NotAllowedError' }));
  await settled();
  says({ type: 'renew', call: CALL, seq: 2 });
  const [late, stream] = [new FakeStream(), new FakeStream()];
  asked[2].give(stream);
  await restored;
  asked[1].give(late);
  await overtaken;
  assert.deepEqual([asked.length, sent('update').length, story], [3, 1, []]);
  assert.equal(FakePeer.last.transceiver.track, stream.tracks[0]);
  assert.equal(late.tracks[0].readyState, 'ended');
});

test('presses that the browser has not begun are lost with their connection, and the next ones go by the new one', async () => {
  const client = await connected();
  const call = await established(client);
  const cut = assert.rejects(call.sendDigits('12'), (error) => error.code === 'digits-failed' && error.reasons.join() === 'lost');
  says({ type: 'renew', call: CALL, seq: 3 });
  await cut;
  says({ type: 'answer', call: CALL, ref: sent('update')[0].ref, sdp: ANSWER, seq: 4 });
  await settled();
  void call.sendDigits('3');
  assert.deepEqual(FakePeer.last.dtmf.inserted.map(({ tones }) => tones), ['3']);
});

test('an answer to an offer that is not there any more is passed over', async () => {
  const client = await connected();
  await established(client);
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  const [{ ref }] = sent('update');
  says({ type: 'renew', call: CALL, seq: 3 });
  await settled();
  says({ type: 'answer', call: CALL, ref, sdp: ANSWER, seq: 4 });
  await settled();
  assert.equal(FakePeer.last.remoteDescription, null);
});

// -- the network is another --

test('a new path goes by what the TURN server takes by now, not by what it took at the beginning', async () => {
  const client = await connected({}, { iceServers: [{ urls: ['turn:a'], username: 'before', credential: 'x' }] });
  await established(client);
  const peer = FakePeer.last;
  assert.equal(peer.configuration.iceServers[0].username, 'before');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, taken: 2, iceServers: [{ urls: ['turn:a'], username: 'now', credential: 'y' }] });
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  assert.equal(sent('update').length, 1);
  assert.ok(FakePeer.last === peer);
  assert.deepEqual(peer.configuration, { iceServers: [{ urls: ['turn:a'], username: 'now', credential: 'y' }], bundlePolicy: 'max-bundle' });
});

test('a network that is back gets a new path at once, on the connection there is', async () => {
  const client = await connected();
  const call = await established(client);
  const story = names(call, 'mediainterrupted', 'mediarestored');
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  assert.deepEqual(sent('update').map(({ sdp }) => sdp), ['offer-1-another-path-1']);
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  assert.equal(sent('update').length, 1, 'none is doubled while an answer is on its way');
  says({ type: 'answer', call: CALL, ref: sent('update')[0].ref, sdp: ANSWER, seq: 3 });
  await settled();
  assert.deepEqual(sent('update').map(({ sdp }) => sdp), ['offer-1-another-path-1', 'offer-1-another-path-2']);
  assert.equal(FakePeer.made.length, 1);
  assert.deepEqual(story, [], 'the old path goes on meanwhile');
});

test('a network that has become another kind gets a new path; one that has become slower is only looked at', async () => {
  environment.network.type = 'wifi';
  const client = await connected();
  await established(client);
  environment.network.dispatchEvent(new Event('change'));
  await settled();
  assert.deepEqual([sent('update').length, sent('ping').length], [0, 1]);
  environment.network.type = 'cellular';
  environment.network.dispatchEvent(new Event('change'));
  await settled();
  assert.equal(sent('update').length, 1);
});

/** So many looks at a path that carries so many packets in each. */
async function look(times, packets = 25) {
  for (let i = 0; i < times; i++) {
    const counted = FakePeer.last.stats.get('rtp')?.packetsReceived ?? 0;
    FakePeer.last.counted(Date.now(), counted + packets);
    mock.timers.tick(500);
    await settled();
  }
}

test('a path that brings nothing any more is told, and another is offered, again and again until it brings something', async () => {
  const client = await connected();
  const call = await established(client);
  const story = names(call, 'mediainterrupted', 'mediarestored');
  await look(6);
  await look(4, 0);
  assert.deepEqual(story, ['mediainterrupted']);
  assert.equal(sent('update').length, 1);
  says({ type: 'answer', call: CALL, ref: sent('update')[0].ref, sdp: ANSWER, seq: 3 });
  await look(7, 0);
  assert.equal(sent('update').length, 2);
  says({ type: 'answer', call: CALL, ref: sent('update')[1].ref, sdp: ANSWER, seq: 4 });
  await look(2);
  assert.deepEqual(story, ['mediainterrupted', 'mediarestored']);
  await look(20);
  assert.equal(sent('update').length, 2);
});

test('where the socket is dead too, the new path is offered as soon as it is back', async () => {
  const client = await connected();
  await established(client);
  await look(6);
  FakeSocket.last.vanish();
  environment.random = () => 0;
  await look(6, 0);
  await greet({ resumed: true, taken: 1 });
  await settled();
  assert.deepEqual(sent('update').map(({ sdp }) => sdp), ['offer-1-another-path-1']);
});

test('a path that dies makes the socket doubtful: one that is dead too is replaced, and the offer is said again on the new one', async () => {
  const client = await connected();
  await established(client);
  await look(6);
  const before = FakeSocket.last;
  await look(4, 0);
  assert.deepEqual([before.sentOfType('ping').length, before.sentOfType('update').length], [1, 1]);
  await look(3, 0);
  assert.ok(before.closed);
  mock.timers.tick(0);
  await greet({ resumed: true, taken: 1 });
  assert.deepEqual(sent('update'), before.sentOfType('update'));
});

test('a path that dies while the client comes back does not begin that anew', async () => {
  const client = await connected();
  await established(client);
  await look(6);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  await look(6, 0);
  assert.equal(FakeSocket.made.length, 2);
  assert.ok(!FakeSocket.last.closed);
});

test('an offer that the gateway refuses, or whose answer is missing, is withdrawn and made again', async () => {
  const client = await connected();
  await established(client);
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  says({ type: 'error', call: CALL, ref: sent('update')[0].ref, code: 'bad-sdp', text: '', seq: 3 });
  await settled();
  assert.equal(FakePeer.last.signalingState, 'stable');
  environment.window.dispatchEvent(new Event('online'));
  await settled();
  assert.equal(sent('update').length, 2);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet({ resumed: true, gap: true, taken: 9, calls: [ENTRY] });
  await settled();
  assert.deepEqual(sent('update').map(({ sdp }) => sdp), ['offer-1-another-path-3']);
});

test('an offer that is not answered in ten seconds does not stand in the way of the next one', async () => {
  const client = await connected();
  await established(client);
  const online = async (millis) => {
    mock.timers.tick(millis);
    environment.window.dispatchEvent(new Event('online'));
    says({ type: 'pong' });
    await settled();
    return sent('update').length;
  };
  assert.deepEqual([await online(0), await online(9000), await online(2000)], [1, 1, 2]);
});

test('an ended call looks at nothing', async () => {
  const client = await connected();
  const call = await established(client);
  const peer = FakePeer.last;
  call.hangup();
  peer.getStats = () => assert.fail('looked');
  mock.timers.tick(10_000);
  await settled();
});

// -- signing in --

/** A client that was signed in, and whose socket is lost; the next one is open. */
async function backWith(token) {
  const client = await connected({ token });
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  return client;
}

test('a client comes back to its session though nobody gives it a token any more', async () => {
  let asked = 0;
  const client = await backWith(async () => (asked++ ? Promise.reject(new Error('down')) : 'a'));
  welcome({ resumed: true });
  assert.deepEqual([client.state, asked, sent('hello')[0].token], ['connected', 1, undefined]);
});

test('where the session is known no more, the client signs in anew, and is refused at most once', async () => {
  let asked = 0;
  for (const refuse of [() => says({ type: 'error', code: 'unauthorized', text: '' }), () => welcome({ session: 's2', resume: 'r2' })]) {
    asked = 0;
    const client = await backWith(async () => `token-${++asked}`);
    const story = names(client, 'connected', 'disconnected');
    const before = FakeSocket.last;
    refuse();
    await settled();
    assert.ok(before.closed);
    FakeSocket.last.open();
    assert.deepEqual([story, asked, sent('hello')[0].token], [[], 2, 'token-2']);
    says({ type: 'error', code: 'unauthorized', text: '' });
    assert.deepEqual([story, client.state], [['disconnected unauthorized'], 'closed']);
  }
});

test('a client that has nothing to sign in with takes the new session that it gets', async () => {
  const client = await backWith(undefined);
  const before = FakeSocket.made.length;
  welcome({ session: 's2', resume: 'r2' });
  assert.deepEqual([client.state, stored().token, FakeSocket.made.length], ['connected', 'r2', before]);
});

test('a tab that is let in as somebody new shows its token', async () => {
  environment.storage.setItem('ringdown.session', JSON.stringify({ url: URL, token: 'r1' }));
  page({ token: 'a' }).connect().catch(() => {});
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'session-in-use', text: '' });
  await settled();
  assert.deepEqual(sent('hello').map(({ token }) => token), [undefined, 'a']);
});

// -- two tabs --

test('a tab that has been duplicated signs in as itself on the same socket, and says that the calls are elsewhere', async () => {
  const first = await connected();
  await established(first);
  const second = page();
  const story = names(second, 'elsewhere', 'connected');
  const connecting = second.connect();
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'session-in-use', text: '' });
  await settled();
  assert.deepEqual(sent('hello').map(({ resume }) => resume), ['r1', undefined]);
  welcome({ session: 's2', resume: 'r5' });
  await connecting;
  assert.deepEqual(story, ['elsewhere', 'connected']);
  assert.ok(second.elsewhere);
  assert.equal(stored().token, 'r5');
});

test('a tab that finds its calls in another one when it comes back says so of each', async () => {
  const client = await connected();
  const call = await established(client);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'session-in-use', text: '' });
  await settled();
  assert.deepEqual([call.reason.cause, client.elsewhere, client.calls.length], ['taken-over', true, 0]);
  welcome({ session: 's2', resume: 'r5' });
  assert.equal(client.state, 'connected');
});

test('a duplicated tab has nothing to take over from one that has no calls', async () => {
  environment.storage.setItem('ringdown.session', JSON.stringify({ url: URL, token: 'r1' }));
  const client = page();
  const story = names(client, 'elsewhere', 'connected');
  client.connect();
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'session-in-use', text: '', calls: 0 });
  await settled();
  welcome({ session: 's2', resume: 'r5' });
  assert.deepEqual([story, client.elsewhere], [['connected'], false]);
  await assert.rejects(client.takeOver(), code('wrong-state'));
});

test('taking over brings the calls here', async () => {
  const client = await elsewhere();
  const done = client.takeOver();
  await greet({ resumed: true, resume: 'r6', taken: 3, calls: [ENTRY] });
  await done;
  const [hello] = sent('hello');
  assert.deepEqual([hello.resume, hello.takeOver, hello.received], ['r1', true, undefined]);
  assert.ok(!client.elsewhere);
  assert.equal(client.calls.length, 1);
  assert.equal(stored().token, 'r6');
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  assert.equal(sent('hello')[0].takeOver, undefined, 'it is asked for once');
});

test('a connect while the client comes back signs nobody out', async () => {
  const client = await connected();
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  const half = FakeSocket.last;
  half.open();
  client.connect();
  assert.deepEqual([half.closed, half.code], [true, undefined]);
  await greet({ resumed: true });
  assert.equal(client.state, 'connected');
});

test('a connect while the client comes back to its calls goes on trying', async () => {
  const client = await connected();
  const call = await established(client);
  FakeSocket.last.vanish();
  const connecting = client.connect();
  await settled();
  FakeSocket.last.vanish();
  mock.timers.tick(1000);
  await greet({ resumed: true, taken: 1 });
  await connecting;
  assert.equal(call.state, 'established');
});

test('calls that were lost with a refusal are found again by the next connect, but for those that were hung up', async () => {
  const client = await connected();
  await established(client);
  says({ type: 'incoming', call: 'd'.repeat(32), to: '+12025550199', from: '+12025550123', seq: 3 });
  FakeSocket.last.vanish();
  client.calls[0].hangup();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'bad-message', text: '' });
  assert.deepEqual([client.state, client.calls], ['closed', []]);
  const connecting = client.connect();
  const other = { ...ENTRY, call: 'd'.repeat(32), direction: 'inbound', state: 'incoming' };
  await greet({ resumed: true, taken: 7, calls: [ENTRY, other] });
  await connecting;
  assert.deepEqual(client.calls.map(({ id, state }) => [id, state]), [['d'.repeat(32), 'incoming']]);
  const [hello, hangup] = FakeSocket.last.numbered;
  assert.deepEqual([hello.resume, hello.received, hangup.type, hangup.call, hangup.seq], ['r1', undefined, 'hangup', CALL, 8]);
});

test('taking over what is not there any more says so; a tab with calls of its own takes nothing over', async () => {
  const client = await elsewhere();
  const call = await client.call({ to: '+12025550100' });
  await assert.rejects(client.takeOver(), code('wrong-state'));
  call.hangup();
  const done = assert.rejects(client.takeOver(), code('call-ended'));
  await greet({ session: 's9', resume: 'r9', resumed: false });
  await done;
  assert.ok(!client.elsewhere);
  await assert.rejects(client.takeOver(), code('wrong-state'));
});

/** A tab whose calls are open in another one. */
async function elsewhere() {
  environment.storage.setItem('ringdown.session', JSON.stringify({ url: URL, token: 'r1' }));
  const client = page();
  const connecting = client.connect();
  await settled();
  FakeSocket.last.open();
  says({ type: 'error', code: 'session-in-use', text: '' });
  await settled();
  welcome({ session: 's2', resume: 'r5' });
  await connecting;
  return client;
}

test('the tab whose calls were taken over closes their sound, says nothing, and does not come back by itself', async () => {
  for (const told of [true, false]) {
    const client = await connected();
    const call = await established(client);
    const story = names(client, 'disconnected');
    const before = FakeSocket.last.sent.length;
    if (told) {
      says({ type: 'taken-over' });
    } else {
      FakeSocket.last.vanish(4001);
    }
    assert.deepEqual(story, ['disconnected taken-over']);
    assert.deepEqual([call.state, call.reason.cause, call.reason.failed], ['ended', 'taken-over', false]);
    assert.ok(FakePeer.last.closed);
    assert.equal(client.state, 'closed');
    assert.ok(client.elsewhere);
    const sockets = FakeSocket.made.length;
    mock.timers.tick(120_000);
    await settled();
    assert.deepEqual([FakeSocket.made.length, FakeSocket.last.sent.length], [sockets, before]);
    assert.equal(environment.storage.kept.size, 0);
  }
});

// -- the gateway stops --

test('a gateway that is about to stop says for how long', async () => {
  const client = await connected();
  const within = [];
  client.addEventListener('draining', ({ withinMillis }) => within.push(withinMillis));
  says({ type: 'draining', within: 60_000, seq: 1 });
  assert.deepEqual(within, [60_000]);
});

test('a node that is stopping refuses the hello; the client tries again with patience', async () => {
  const client = await connected();
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  const story = names(client, 'disconnected');
  says({ type: 'error', code: 'shutdown', text: '' });
  assert.deepEqual(story, ['disconnected shutdown']);
  mock.timers.tick(1000);
  await greet({ resumed: false, session: 's2' });
  assert.equal(client.state, 'connected');
});

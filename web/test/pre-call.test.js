import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import '../sdk/pre-call.js'; // loaded before it is asked for
import { FakeAudioContext, FakePeer, FakeSocket, FakeStream, FakeTrack, fakeEnvironment, settled } from './fakes.js';

let environment;
let now = 0;

beforeEach(() => {
  environment = fakeEnvironment();
  now = 0;
  environment.now = () => now;
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
});

/** @type {RingdownClient[]} */
let clients = [];

afterEach(() => {
  clients.forEach((client) => client.close());
  clients = [];
  mock.timers.reset();
});

async function connected() {
  const client = new RingdownClient({ url: 'ws://gateway', environment });
  clients.push(client);
  const connecting = client.connect();
  await settled();
  FakeSocket.last.open();
  await settled();
  FakeSocket.last.says({ type: 'welcome', session: 's', resume: 'r', numbers: [], iceServers: [], limits: {}, resumed: false, resumeWithin: 0, taken: 0 });
  await connecting;
  return client;
}

/** A test that the gateway has answered and whose path is there. */
async function testing(client, options) {
  const report = client.test(options);
  report.catch(() => {});
  await import('../sdk/pre-call.js'); // after who asked for it first
  await settled();
  await settled();
  const { ref, sdp } = FakeSocket.last.sentOfType('test').at(-1);
  assert.ok(sdp);
  FakeSocket.last.says({ type: 'answer', call: 'test-id', ref, sdp: 'answer' });
  await settled();
  FakePeer.last.path('connected');
  return report.then((value) => ({ value }), (error) => ({ error }));
}

/** The answer is taken, and the path is there. */
async function answered() {
  await import('../sdk/pre-call.js');
  for (let i = 0; i < 8; i++) {
    await settled();
  }
}

async function pass(millis) {
  for (let passed = 0; passed < millis; passed += 100) {
    now += 100;
    mock.timers.tick(100);
    await settled();
  }
}

/** What the browser counts. */
function counted({ up = 0, down = 0, roundTrip = 0.04, report = 1 }) {
  FakePeer.last.stats = new Map(
    [
      { id: 'in', type: 'inbound-rtp', kind: 'audio', jitter: 0.003, packetsReceived: 200 - down, packetsLost: down },
      { id: 'out', type: 'outbound-rtp', kind: 'audio', packetsSent: 200, codecId: 'codec' },
      ...(report ? [{ id: 'rin', type: 'remote-inbound-rtp', kind: 'audio', timestamp: report, packetsLost: up, jitter: 0.002 }] : []),
      { id: 'codec', type: 'codec', mimeType: 'audio/opus' },
      { id: 'tr', type: 'transport', selectedCandidatePairId: 'pair' },
      { id: 'pair', type: 'candidate-pair', localCandidateId: 'local', currentRoundTripTime: roundTrip },
      { id: 'local', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
    ].map((entry) => [entry.id, entry]),
  );
}

const codes = ({ verdicts }) => verdicts.map(({ code }) => code);

test('a good way is reported with its figures, and nothing is left open', async () => {
  const track = new FakeTrack();
  environment.microphone = async () => new FakeStream([track]);
  const client = await connected();
  const stages = [];
  client.addEventListener('testprogress', ({ stage }) => stages.at(-1) === stage || stages.push(stage));
  const outcome = testing(client, {});
  await answered();
  counted({});
  await pass(5100);
  const { value } = await outcome;
  assert.deepEqual(codes(value), ['fine']);
  assert.deepEqual(value.loss, { up: 0, down: 0 });
  assert.equal(value.roundTrip, 40);
  assert.deepEqual(value.jitter, { up: 2, down: 3 });
  assert.ok(value.mos > 4);
  assert.deepEqual(value.microphone, { level: 0.5 });
  assert.equal(value.playback, true);
  assert.deepEqual(stages, ['microphone', 'connecting', 'listening']);
  assert.deepEqual(FakeSocket.last.sentOfType('hangup'), [{ type: 'hangup', call: 'test-id' }]);
  assert.ok(FakePeer.last.closed);
  assert.equal(track.readyState, 'ended');
  assert.ok(track.clones.every(({ readyState }) => readyState === 'ended'));
});

test('losses of either way, and a long one, are said in words', async () => {
  for (const [figures, expected] of [
    [{ up: 20 }, ['bad-sound-here']],
    [{ down: 20 }, ['bad-sound-here']],
    [{ roundTrip: 0.4 }, ['slow-path']],
  ]) {
    environment = Object.assign(fakeEnvironment(), { now: () => now });
    const client = await connected();
    const outcome = testing(client, {});
    await answered();
    counted(figures);
    await pass(5100);
    const { value } = await outcome;
    assert.deepEqual(codes(value), expected, JSON.stringify(figures));
    assert.deepEqual(value.loss, { up: (figures.up ?? 0) / 2, down: (figures.down ?? 0) / 2 });
  }
});

test('without a path there is a report that says so', async () => {
  const client = await connected();
  const outcome = client.test({ seconds: 2 });
  await answered();
  await settled();
  await settled();
  await pass(2100);
  const report = await outcome;
  assert.deepEqual(codes(report), ['media-unreachable']);
  assert.equal(report.connectMillis, null);
  assert.equal(report.mos, null);
});

test('without a microphone the way is tested all the same', async () => {
  environment.microphone = async () => {
    throw Object.assign(new Error('none'), { name: 'NotFoundError' });
  };
  const client = await connected();
  const outcome = testing(client, { seconds: 2 });
  await answered();
  counted({});
  await pass(2100);
  const { value } = await outcome;
  assert.deepEqual(codes(value), ['microphone-missing']);
  assert.equal(value.verdicts[0].severity, 'problem');
  assert.equal(value.microphone, null);
});

test('a page that the browser keeps silent is told so', async () => {
  FakeAudioContext.locked = true;
  const client = await connected();
  const outcome = testing(client, { seconds: 2 });
  await answered();
  counted({});
  await pass(2100);
  const { value } = await outcome;
  assert.deepEqual(codes(value), ['playback-blocked']);
  assert.deepEqual(value.microphone, { level: null }, 'which nothing is known of');
});

test('a test is given up at once, by the page, by the gateway and with the socket', async () => {
  for (const [end, code] of [
    [({ controller }) => controller.abort(), 'aborted'],
    [() => FakeSocket.last.says({ type: 'ended', call: 'test-id', cause: 'overloaded' }), 'overloaded'],
    [() => FakeSocket.last.vanish(), 'not-connected'],
  ]) {
    environment = Object.assign(fakeEnvironment(), { now: () => now });
    const client = await connected();
    const controller = new AbortController();
    const outcome = testing(client, { signal: controller.signal });
    await answered();
    end({ controller });
    const { error } = await outcome;
    assert.equal(error?.code, code);
    assert.ok(FakePeer.last.closed, code);
  }
});

test('a test that ends with its socket is hung up as soon as there is another', async () => {
  const client = await connected();
  const outcome = testing(client, {});
  await answered();
  FakeSocket.last.vanish();
  assert.equal((await outcome).error?.code, 'not-connected');
  mock.timers.tick(500);
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's', resume: 'r', resumed: true, taken: 1 });
  await settled();
  assert.deepEqual(FakeSocket.last.sentOfType('hangup'), [{ type: 'hangup', call: 'test-id' }]);
});

test('a test that is given up while the microphone is asked for, or the gateway, leaves nothing open', async () => {
  const track = new FakeTrack();
  let allow;
  environment.microphone = () => new Promise((resolve) => {
    allow = () => resolve(new FakeStream([track]));
  });
  const client = await connected();
  const early = new AbortController();
  const first = client.test({ signal: early.signal });
  early.abort();
  await assert.rejects(first, { code: 'aborted' });
  allow();
  await answered();
  assert.equal(track.readyState, 'ended');
  assert.deepEqual(FakeSocket.last.sentOfType('test'), []);

  environment.microphone = async () => new FakeStream();
  const later = new AbortController();
  const second = client.test({ signal: later.signal });
  await answered();
  const [{ ref }] = FakeSocket.last.sentOfType('test');
  later.abort();
  await assert.rejects(second, { code: 'aborted' });
  FakeSocket.last.says({ type: 'answer', call: 'late', ref, sdp: 'answer' });
  assert.deepEqual(FakeSocket.last.sentOfType('hangup'), [{ type: 'hangup', call: 'late' }]);
});

test('there is one test at a time, and none without a connection', async () => {
  const client = new RingdownClient({ url: 'ws://gateway', environment });
  await assert.rejects(client.test(), { code: 'not-connected' });
  const other = await connected();
  const first = other.test();
  await assert.rejects(other.test(), { code: 'wrong-state' });
  await settled();
  other.close();
  await assert.rejects(first, { code: 'not-connected' });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { FakeAudioContext, FakePeer, FakeSocket, FakeStream, FakeTrack, fakeEnvironment, settled } from './fakes.js';

const CALL = 'c'.repeat(32);

let client;
let call;
let track;
let told;
let now;
let loudness;

const says = (message) => FakeSocket.last.says(message);

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  now = 0;
  loudness = 0.5;
  track = new FakeTrack();
  told = [];
  const environment = Object.assign(fakeEnvironment(), { now: () => now, microphone: async () => new FakeStream([track]) });
  environment.AudioContext = class extends FakeAudioContext {
    createAnalyser() {
      return Object.assign(super.createAnalyser(), { getFloatTimeDomainData: (samples) => samples.fill(loudness) });
    }
  };
  client = new RingdownClient({ url: 'ws://gateway', environment });
  const connecting = client.connect();
  await settled();
  FakeSocket.last.open();
  says({ type: 'welcome', session: 's', resume: 'r', numbers: [], iceServers: [], resumed: false, taken: 0 });
  await connecting;
  call = await client.call({ to: '+12025550100' });
  for (const type of ['warning', 'warningcleared']) {
    call.addEventListener(type, ({ code, text }) => told.push([type, code, text]));
  }
  const [{ ref }] = FakeSocket.last.sentOfType('start');
  says({ type: 'answer', call: CALL, ref, sdp: 'answer' });
  await settled();
  FakePeer.last.path('connected');
});

afterEach(() => {
  client.close();
  mock.timers.reset();
});

async function pass(millis) {
  for (let passed = 0; passed < millis; passed += 500) {
    now += 500;
    mock.timers.tick(500);
    await settled();
  }
}

const codes = () => told.map(([type, code]) => `${type} ${code}`);

test('before the answer nothing is warned of', async () => {
  call.mute();
  await pass(5000);
  assert.deepEqual(told, []);
});

test('who speaks while muted is warned, though the other side hears nothing', async () => {
  says({ type: 'established', call: CALL });
  call.mute();
  await pass(3000);
  assert.equal(track.enabled, false);
  assert.equal(track.clones[0].enabled, true);
  assert.deepEqual(codes(), ['warning muted-but-speaking']);
  assert.deepEqual(call.warnings.map(({ code }) => code), ['muted-but-speaking']);
  call.unmute();
  await pass(500);
  assert.deepEqual(codes().slice(1), ['warningcleared muted-but-speaking']);
  assert.deepEqual(call.warnings, []);
});

test('who has chosen to be silent is not told that they are', async () => {
  says({ type: 'established', call: CALL });
  for (const samples of [0, 0.5]) {
    await call.setMicrophone(false);
    loudness = samples;
    await pass(6000);
    call.mute();
    await pass(6000);
    call.unmute();
  }
  assert.deepEqual(told, []);
  track = new FakeTrack();
  await call.setMicrophone(true);
  loudness = 0;
  await pass(6000);
  assert.deepEqual(codes(), ['warning microphone-silent']);
  await call.setMicrophone(false);
  await pass(500);
  assert.deepEqual(codes().slice(1), ['warningcleared microphone-silent']);
});

test('a one-way call is told in the words of the gateway', async () => {
  says({ type: 'established', call: CALL });
  const verdict = { code: 'trunk-sends-nothing', text: 'You hear nothing: no packet comes.', fault: true, side: 'trunk', deaf: 'browser' };
  says({ type: 'quality', call: CALL, verdict, browser: { mos: 4.2 }, telephone: { mos: null } });
  await pass(500);
  assert.deepEqual(told, [['warning', 'one-way-audio', verdict.text]]);
});

test('a microphone that stops is missed, and a call that has ended has no warnings', async () => {
  says({ type: 'established', call: CALL });
  await pass(1000);
  track.stop();
  await pass(500);
  assert.deepEqual(codes(), ['warning microphone-lost']);
  call.hangup();
  assert.deepEqual(call.warnings, []);
  assert.ok(track.clones.every(({ readyState }) => readyState === 'ended'));
});

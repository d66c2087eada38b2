import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { FakePeer, FakeRoutedAudio, FakeSocket, FakeStream, FakeTrack, fakeEnvironment, settled } from './fakes.js';

const US = '+12025550100';

let environment;
let asked;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  asked = [];
  environment = fakeEnvironment();
  environment.microphone = async ({ audio }) => {
    asked.push(audio);
    return new FakeStream([new FakeTrack()]);
  };
  FakeRoutedAudio.made = [];
  FakeRoutedAudio.speakers = ['', 'headset'];
});

afterEach(() => mock.timers.reset());

const code = (expected) => (error) => error.code === expected;

async function connected() {
  const client = new RingdownClient({ url: 'ws://gateway.example/v1/rtc', environment });
  const done = client.connect();
  await settled();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's1', resume: 'r1' });
  await done;
  return client;
}

async function talking(options = {}) {
  const client = await connected();
  const call = await client.call({ to: US, ...options });
  FakeSocket.last.says({ type: 'answer', ref: FakeSocket.last.numbered.at(-1).ref, call: 'c1', sdp: 'v=0' });
  FakeSocket.last.says({ type: 'established', call: 'c1' });
  const told = [];
  for (const type of ['microphonelost', 'microphonechange', 'error']) {
    call.addEventListener(type, ({ error }) => told.push(error ? `${type} ${error.code}` : type));
  }
  return { client, call, told };
}

test('the microphones and speakers have their names, and nothing else is among them', async () => {
  const client = await connected();
  environment.mediaDevices.plug(
    ['audioinput', 'default', 'Default'], ['audioinput', 'm1', 'Headset'], ['videoinput', 'v1', 'Camera'], ['audiooutput', 's1', 'Headset'],
    ['audiooutput', ''], // what a browser shows before the microphone was allowed
  );
  assert.deepEqual(await client.devices(), {
    microphones: [{ id: 'default', label: 'Default' }, { id: 'm1', label: 'Headset' }],
    speakers: [{ id: 's1', label: 'Headset' }],
  });
});

test('a page without a microphone has no devices, and is told why', async () => {
  environment.mediaDevices = undefined;
  const client = new RingdownClient({ url: 'ws://gateway.example/', environment });
  await assert.rejects(client.devices(), code('no-webrtc'));
  environment.secure = false;
  await assert.rejects(new RingdownClient({ url: 'ws://gateway.example/', environment }).devices(), code('insecure-page'));
});

test('another microphone takes the place of the first without an offer, and the first is closed', async () => {
  const { call, told } = await talking();
  const first = call.microphone;
  const sent = FakeSocket.last.sent.length;
  await call.setMicrophone('m1');
  assert.deepEqual(asked.at(-1), { deviceId: { exact: 'm1' } });
  assert.equal(FakePeer.last.sender.track, call.microphone);
  assert.deepEqual([first.readyState, call.microphone.readyState], ['ended', 'live']);
  assert.deepEqual([FakePeer.made.length, FakeSocket.last.sent.length], [1, sent]);
  assert.deepEqual(told, ['microphonechange']);
});

test('a muted call stays muted with another microphone', async () => {
  const { call } = await talking();
  call.mute();
  await call.setMicrophone({ echoCancellation: false });
  assert.deepEqual(asked.at(-1), { echoCancellation: false });
  assert.equal(call.microphone.enabled, false);
  call.unmute();
  assert.equal(call.microphone.enabled, true);
});

test('a microphone that cannot be had leaves the one before', async () => {
  const { call, told } = await talking();
  const first = call.microphone;
  environment.microphone = () => Promise.reject(new DOMException('', 'OverconstrainedError'));
  await assert.rejects(call.setMicrophone('gone'), code('microphone-missing'));
  assert.equal(call.microphone, first);
  assert.deepEqual([first.readyState, told.length], ['live', 0]);
});

test('of two choices the later one counts, and nothing of the earlier stays open', async () => {
  const { call } = await talking();
  const slow = new FakeTrack();
  let open;
  environment.microphone = () => new Promise((resolve) => { open = () => resolve(new FakeStream([slow])); });
  const earlier = call.setMicrophone('slow');
  const own = new FakeTrack();
  await call.setMicrophone(own);
  open();
  await assert.rejects(earlier, code('aborted'));
  assert.equal(call.microphone, own);
  assert.equal(slow.readyState, 'ended');
});

test('a call without sound, or that has ended, takes no microphone and opens none', async () => {
  const { call } = await talking();
  call.hangup();
  await assert.rejects(call.setMicrophone('m1'), code('wrong-state'));
  assert.equal(asked.length, 1);
});

test('the default microphone takes the place of one that was unplugged', async () => {
  const { call, told } = await talking({ microphone: 'headset' });
  const lost = call.microphone;
  lost.dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(asked, [{ deviceId: { exact: 'headset' } }, true]);
  assert.notEqual(call.microphone, lost);
  assert.deepEqual(told, ['microphonelost', 'microphonechange']);
});

test('where there is no other microphone the call goes on, and says so', async () => {
  const { call, told } = await talking();
  environment.microphone = () => Promise.reject(new DOMException('', 'NotFoundError'));
  call.microphone.dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(told, ['microphonelost', 'error microphone-missing']);
  assert.equal(call.state, 'established');
});

test('a microphone that was put away is not missed when it is unplugged', async () => {
  const { call, told } = await talking();
  const first = call.microphone;
  await call.setMicrophone('m1');
  first.dispatchEvent(new Event('ended'));
  const second = call.microphone;
  call.hangup();
  second.dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(told, ['microphonechange']);
});

test('a speaker is for the calls there are and those to come', async () => {
  environment.Audio = FakeRoutedAudio;
  const { client, call } = await talking();
  FakePeer.last.hear();
  await client.setSpeaker('headset');
  assert.equal(FakeRoutedAudio.made.find(({ srcObject }) => srcObject === call.remoteStream).sinkId, 'headset');
  await client.call({ to: US });
  FakePeer.last.hear();
  await settled();
  assert.equal(FakeRoutedAudio.made.at(-1).sinkId, 'headset');
  assert.equal(client.audio.speaker, 'headset');
});

test('a speaker that is not there changes nothing', async () => {
  environment.Audio = FakeRoutedAudio;
  const { client } = await talking();
  FakePeer.last.hear();
  await client.setSpeaker('headset');
  await assert.rejects(client.setSpeaker('gone'), code('speaker-missing'));
  assert.deepEqual([client.audio.speaker, FakeRoutedAudio.made[0].sinkId], ['headset', 'headset']);
});

test('a speaker that was unplugged is replaced by the default one', async () => {
  environment.Audio = FakeRoutedAudio;
  const { client } = await talking();
  FakePeer.last.hear();
  await client.setSpeaker('headset');
  environment.mediaDevices.plug(['audiooutput', 'headset'], ['audioinput', 'm1']);
  await settled();
  assert.equal(client.audio.speaker, 'headset');
  let changes = 0;
  client.addEventListener('devicechange', () => changes++);
  environment.mediaDevices.plug(['audioinput', 'm1']);
  await settled();
  assert.deepEqual([client.audio.speaker, FakeRoutedAudio.made[0].sinkId, changes], ['', '', 1]);
});

test('a browser that lets no page choose a speaker says so', async () => {
  const { client } = await talking();
  await assert.rejects(client.setSpeaker('headset'), code('no-speaker-choice'));
});

test('after close() no change of devices is heard', async () => {
  const client = await connected();
  let changes = 0;
  client.addEventListener('devicechange', () => changes++);
  client.close();
  environment.mediaDevices.plug(['audioinput', 'm1']);
  await settled();
  assert.equal(changes, 0);
});

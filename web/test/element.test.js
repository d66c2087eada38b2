import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { fakePage } from './fake-page.js';
import { FakePeer, FakeSocket, FakeStorage, fakeEnvironment, settled } from './fakes.js';

const GATEWAY = 'ws://gateway.example/v1/rtc';
const NUMBER = '+12025550100';
const CALL = 'c'.repeat(32);
const ENTRY = { call: CALL, direction: 'outbound', state: 'established', to: NUMBER, held: 'none', muted: false, secureInput: false };

/** The classes that a module extends are read once: it is loaded when there is a page. */
fakePage();
const { RingdownCall } = await import('../element/ringdown-call.js');

let element;
let story;

beforeEach(() => {
  const { MediaStream, AudioContext, Audio } = fakeEnvironment();
  Object.assign(globalThis, {
    WebSocket: FakeSocket, RTCPeerConnection: FakePeer, MediaStream, AudioContext, Audio, sessionStorage: new FakeStorage(),
  });
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  mock.method(Math, 'random', () => 0.5);
  sessionStorage.setItem(`ringdown.element.${NUMBER}`, '1');
  sessionStorage.setItem(`ringdown.session.element.${NUMBER}`, JSON.stringify({ url: GATEWAY, token: 'r1', microphone: true }));
});

afterEach(async () => {
  element.hangup();
  element.client.close();
  mock.timers.reset();
  mock.restoreAll();
});

/** The page is loaded anew, with the element in it. */
async function reload() {
  element = new RingdownCall();
  story = [];
  element.addEventListener('ringdown-state', ({ detail }) => story.push(detail.state));
  element.addEventListener('ringdown-ended', ({ detail }) => story.push(`ended: ${detail.code}`));
  element.setAttribute('to', NUMBER);
  element.setAttribute('gateway', GATEWAY);
  element.connectedCallback();
  await settled();
}

async function seconds(many) {
  for (let i = 0; i < many; i++) {
    mock.timers.tick(1000);
    await settled();
  }
}

async function welcome(more) {
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'welcome', session: 's1', resume: 'r2', numbers: [], iceServers: [], taken: 0, ...more });
  await settled();
}

test('a call is found again after a reload, though the first connections fail', async () => {
  await reload();
  FakeSocket.last.vanish();
  await seconds(1);
  FakeSocket.last.vanish();
  await seconds(2);
  await welcome({ resumed: true, gap: true, calls: [ENTRY] });
  assert.equal(FakeSocket.made.length, 3);
  assert.deepEqual(FakeSocket.last.sentOfType('hello').map(({ resume }) => resume), ['r1']);
  assert.equal(element.activeCall?.id, CALL);
  assert.deepEqual(story, ['connecting', 'talking']);
  await seconds(20);
  assert.equal(element.activeCall?.id, CALL, 'nobody gives up what was found');
});

test('a call that no connection finds again within ten seconds has ended, which is told', async () => {
  await reload();
  for (let i = 0; i < 9; i++) {
    FakeSocket.last.vanish();
    await seconds(1);
  }
  assert.deepEqual(story, ['connecting']);
  await seconds(1);
  assert.deepEqual(story, ['connecting', 'ended', 'ended: socket-lost']);
  const attempts = FakeSocket.made.length;
  await seconds(30);
  assert.equal(FakeSocket.made.length, attempts, 'it tries no more');
  assert.equal(sessionStorage.getItem(`ringdown.element.${NUMBER}`), null);
});

test('a call that the gateway has no more after a reload has ended, which is told', async () => {
  await reload();
  await welcome({ resumed: false });
  assert.deepEqual(story, ['connecting', 'ended', 'ended: socket-lost']);
});

test('a copy of a tab is idle: the call goes on in the other', async () => {
  await reload();
  FakeSocket.last.open();
  FakeSocket.last.says({ type: 'error', code: 'session-in-use', text: 'another page has it', calls: 1 });
  await settled();
  await welcome({ resumed: false });
  assert.deepEqual(story, ['connecting', 'idle']);
});

test('who hangs up while a call is looked for has cancelled it', async () => {
  await reload();
  element.hangup();
  await seconds(11);
  assert.deepEqual(story, ['connecting', 'ended', 'ended: cancelled']);
});

test('who calls anew after that is not hung up when the look for the old call would have been over', async () => {
  await reload();
  await seconds(1);
  element.hangup();
  element.call().catch(() => {});
  const closed = mock.method(element.client, 'close');
  await seconds(5);
  FakeSocket.last.open(); // it takes its time
  await seconds(5);
  assert.equal(closed.mock.callCount(), 0);
});

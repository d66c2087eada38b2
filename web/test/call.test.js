import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownClient } from '../sdk/index.js';
import { synthesize, toneFor } from '../sdk/tones.js';
import {
  FakeAudio, FakeAudioContext, FakePeer, FakeSocket, FakeStream, FakeTrack, fakeEnvironment, settled,
} from './fakes.js';

const US = '+12025550100';
const CALL = 'c'.repeat(32);
const ANSWER = 'v=0\r\na=rtpmap:110 telephone-event/48000\r\n';
const WITHOUT_EVENTS = 'v=0\r\n';
const EVENTS = [
  'statechange', 'trying', 'ringing', 'earlymedia', 'established', 'ended', 'dtmf', 'flash', 'localdtmf', 'dtmfreceipt', 'secureinputchange',
  'held', 'resumed', 'transferring', 'transferred', 'transferfailed', 'localmuted', 'localunmuted', 'mediainterrupted', 'mediarestored', 'signalinglost', 'signalingrestored',
  'playbackblocked', 'quality', 'error',
];

let environment;
let client;

beforeEach(async () => {
  environment = fakeEnvironment();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  client = new RingdownClient({ url: 'ws://gateway.example', environment });
  const connecting = client.connect();
  await greet('s1');
  await connecting;
});

afterEach(() => {
  client.close();
  mock.timers.reset();
});

/** What walks through menus has been loaded: after who asked for it first. */
async function walking() {
  await import('../sdk/navigator.js');
  await settled();
}

const code = (expected) => (error) => error.code === expected;
const says = (message) => FakeSocket.last.says(message);
const sent = (type) => FakeSocket.last.sentOfType(type);
const progress = (state) => says({ type: 'progress', call: CALL, state });

/** The gateway has taken all that was sent before, and knows the session if it is the first one. */
async function greet(session, more = {}) {
  await settled();
  FakeSocket.last.open();
  const taken = Math.max(0, ...FakeSocket.made.flatMap(({ numbered }) => numbered.map(({ seq = 0 }) => seq)));
  const resumed = session === 's1' && FakeSocket.made.length > 1;
  says({
    type: 'welcome', session, resume: 'r', numbers: [], iceServers: [{ urls: 'stun:stun.example' }], resumed, taken: resumed ? taken : 0, ...more,
  });
  await settled();
}

/** The names of what a call fires, in order, with a word about it where it says more. */
function recorded(call) {
  const events = [];
  for (const type of EVENTS) {
    call.addEventListener(type, (event) => {
      const more = event.reason?.cause ?? event.digit ?? event.state ?? event.error?.code;
      events.push(type === 'statechange' ? `=${call.state}` : more === undefined ? type : `${type} ${more}`);
    });
  }
  return events;
}

async function answer(sdp = ANSWER) {
  says({ type: 'answer', call: CALL, ref: sent('start').at(-1).ref, sdp });
  await settled();
}

async function called(options = {}) {
  const call = await client.call({ to: US, ...options });
  await answer();
  return call;
}

async function established() {
  const call = await called();
  says({ type: 'established', call: CALL });
  return call;
}

/** The tone that plays now, by its samples. */
function playing() {
  const buffer = FakeAudioContext.made.at(-1)?.playing;
  return buffer ? Buffer.from(buffer.samples.buffer).toString('base64') : null;
}

const tone = (kind, number = US) => Buffer.from(synthesize(toneFor(number, kind), 16_000).buffer).toString('base64');

test('a call out passes through its states as the trunk tells them', async () => {
  const call = await client.call({ to: '+1 (202) 555-0100', from: '+12025550199' });
  const events = recorded(call);
  const { ref, sdp, ...rest } = sent('start')[0];
  assert.deepEqual(rest, { type: 'start', to: US, from: '+12025550199' });
  assert.ok(ref && sdp.startsWith('offer-'));
  await answer();
  progress('trying');
  progress('ringing');
  progress('early-media');
  says({ type: 'established', call: CALL });
  says({ type: 'ended', call: CALL, cause: 'normal', text: 'The call was ended.', blame: 'none', retry: false });
  assert.deepEqual(events, [
    '=trying', 'trying', '=ringing', 'ringing', '=early-media', 'earlymedia', '=established', 'established',
    '=ended', 'ended normal',
  ]);
  assert.equal(call.id, CALL);
  assert.deepEqual(client.calls, []);
  assert.ok(FakePeer.last.closed);
  assert.equal(FakePeer.last.transceiver.track.readyState, 'ended');
});

test('the offer leaves at once, in one bundle, with the gateway’s ICE servers', async () => {
  await client.call({ to: US });
  assert.deepEqual(FakePeer.last.configuration, {
    iceServers: [{ urls: 'stun:stun.example' }],
    bundlePolicy: 'max-bundle',
  });
  assert.equal(FakePeer.last.transceiver.init.direction, 'sendrecv');
});

test('listeners added after call() miss nothing, however fast the gateway is', async () => {
  const call = await client.call({ to: US });
  const events = recorded(call);
  says({ type: 'answer', call: CALL, ref: sent('start')[0].ref, sdp: ANSWER });
  progress('trying');
  says({ type: 'established', call: CALL });
  await settled();
  assert.deepEqual(events, ['=trying', 'trying', '=established', 'established']);
});

test('a late 180 after early media does not go back', async () => {
  const call = await called();
  progress('early-media');
  progress('ringing');
  assert.equal(call.state, 'early-media');
  assert.equal(playing(), null);
});

test('what is no telephone number is refused before the microphone is asked for', async () => {
  environment.microphone = () => assert.fail('asked');
  for (const to of ['', 'abc', '+1 202 555 0100 ext', 'sip:a@b', '1'.repeat(33), '+1\r\nX: y']) {
    await assert.rejects(client.call({ to }), code('bad-number'), to);
  }
});

test('each way of having no microphone has its own code, and leaves no call behind', async () => {
  const refused = (name) => Object.assign(new Error(name), { name });
  for (const [name, expected] of [
    ['NotAllowedError', 'microphone-denied'],
    ['NotFoundError', 'microphone-missing'],
    ['NotReadableError', 'microphone-busy'],
  ]) {
    environment.microphone = () => Promise.reject(refused(name));
    await assert.rejects(client.call({ to: US }), code(expected));
  }
  assert.deepEqual(client.calls, []);
  assert.deepEqual(sent('start'), []);
  assert.deepEqual(sent('hangup'), []);
});

test('a browser that makes no connection, whatever it minds, leaves no microphone open', async () => {
  environment.RTCPeerConnection = class {
    constructor() {
      throw new SyntaxError('no such TURN server');
    }
  };
  const another = new RingdownClient({ url: 'ws://gateway.example', environment, resume: 'another' });
  const connecting = another.connect();
  await greet('s2', { resumed: false });
  await connecting;
  const track = new FakeTrack();
  environment.microphone = async () => new FakeStream([track]);
  await assert.rejects(another.call({ to: US }), SyntaxError);
  assert.ok([track, ...(track.clones ?? [])].every(({ readyState }) => readyState === 'ended'));
  another.close();
});

test('a page on plain http is told why it has no microphone', async () => {
  const insecure = new RingdownClient({
    url: 'ws://gateway.example',
    environment: { ...environment, mediaDevices: undefined, secure: false },
  });
  const connecting = insecure.connect();
  await greet('s2');
  await connecting;
  await assert.rejects(insecure.call({ to: US }), code('insecure-page'));
  const listening = await insecure.call({ to: US, microphone: false });
  assert.equal(listening.state, 'connecting');
  insecure.close();
});

test('a microphone of the page’s own is used and never stopped', async () => {
  const own = new FakeStream([new FakeTrack()]);
  environment.microphone = () => assert.fail('asked');
  const call = await called({ microphone: own });
  call.mute();
  call.hangup();
  const [track] = own.getAudioTracks();
  assert.equal(FakePeer.last.transceiver.track, track);
  assert.equal(track.readyState, 'live');
  assert.ok(track.enabled);
});

test('giving up while the microphone is being asked for leaves no call and no open microphone', async () => {
  const giveUp = new AbortController();
  const stream = new FakeStream();
  let open;
  environment.microphone = () => new Promise((resolve) => { open = () => resolve(stream); });
  const calling = client.call({ to: US, signal: giveUp.signal });
  await settled();
  giveUp.abort();
  open();
  await assert.rejects(calling, code('aborted'));
  assert.equal(stream.getAudioTracks()[0].readyState, 'ended');
  assert.deepEqual(sent('start'), []);
  assert.deepEqual(client.calls, []);
});

test('a hang-up before the gateway has named the call is made good when it does', async () => {
  const call = await client.call({ to: US });
  const events = recorded(call);
  call.hangup();
  assert.deepEqual(events, ['=ended', 'ended cancelled']);
  assert.deepEqual(sent('hangup'), []);
  await answer();
  assert.deepEqual(sent('hangup'), [{ type: 'hangup', call: CALL }]);
  progress('ringing');
  says({ type: 'ended', call: CALL, cause: 'cancelled' });
  assert.deepEqual(events.length, 2);
});

test('hanging up is told to the gateway once, and to the page at once', async () => {
  const call = await established();
  const events = recorded(call);
  call.hangup();
  call.hangup();
  says({ type: 'ended', call: CALL, cause: 'normal' });
  assert.deepEqual(sent('hangup'), [{ type: 'hangup', call: CALL }]);
  assert.deepEqual(events, ['=ended', 'ended normal']);
});

test('a start that is refused ends the call with the reason', async () => {
  const call = await client.call({ to: US });
  says({ type: 'error', ref: sent('start')[0].ref, code: 'too-many-calls', text: 'No more than 8.' });
  assert.equal(call.reason.cause, 'too-many-calls');
  assert.equal(call.reason.text, 'No more than 8.');
  assert.deepEqual(client.calls, []);
});

test('a call that ends before its answer is found by its ref', async () => {
  const call = await client.call({ to: US });
  says({ type: 'ended', call: CALL, ref: sent('start')[0].ref, cause: 'no-route', blame: 'caller', retry: false });
  assert.equal(call.reason.cause, 'no-route');
  assert.deepEqual(client.calls, []);
});

test('an answer that the browser cannot use ends the call on both sides', async () => {
  const call = await client.call({ to: US });
  await answer('nonsense');
  assert.equal(call.reason.cause, 'media-not-acceptable');
  assert.deepEqual(sent('hangup'), [{ type: 'hangup', call: CALL }]);
});

test('an error in mid-call is told, and the call goes on', async () => {
  const call = await established();
  const events = recorded(call);
  says({ type: 'error', call: CALL, code: 'no-telephone-event', text: '' });
  assert.deepEqual(events, ['error no-telephone-event']);
  assert.equal(call.state, 'established');
});

// -- tones --

test('while it rings without media, the called country’s ringback is played until the answer', async () => {
  const call = await called();
  progress('trying');
  assert.equal(playing(), null);
  progress('ringing');
  assert.equal(playing(), tone('ringing'));
  says({ type: 'established', call: CALL });
  assert.equal(playing(), null);
  assert.ok(call.establishedAt instanceof Date);
});

test('early media stops the ringback, and no busy tone is played over what the network said', async () => {
  await called();
  progress('ringing');
  progress('early-media');
  assert.equal(playing(), null);
  says({ type: 'ended', call: CALL, cause: 'busy' });
  assert.equal(playing(), null);
});

test('busy and congestion are heard as in the called country, for a few seconds', async () => {
  for (const [cause, kind] of [['busy', 'busy'], ['congestion', 'congestion'], ['unknown-number', 'congestion']]) {
    const call = await client.call({ to: '+442079460000' });
    await answer();
    says({ type: 'ended', call: call.id, cause });
    const source = FakeAudioContext.made.at(-1).sources.at(-1);
    const heard = Buffer.from(source.buffer.samples.buffer).toString('base64');
    assert.equal(heard, tone(kind, '+442079460000'), cause);
    assert.ok(source.loop && source.stoppedAt === 4);
  }
});

test('our own hang-up and a normal end make no sound', async () => {
  const ringing = await called();
  progress('ringing');
  ringing.hangup();
  assert.equal(playing(), null);
  await established();
  says({ type: 'ended', call: CALL, cause: 'normal' });
  assert.equal(playing(), null);
});

test('a page that wants no tones gets none', async () => {
  const quiet = new RingdownClient({ url: 'ws://gateway.example', environment, tones: false });
  const connecting = quiet.connect();
  await greet('s2');
  await connecting;
  await quiet.call({ to: US });
  await answer();
  progress('ringing');
  says({ type: 'ended', call: CALL, cause: 'busy' });
  says({ type: 'incoming', call: 'd'.repeat(32), to: US });
  assert.equal(playing(), null);
  quiet.close();
});

// -- digits --

test('digits travel by RTP where the answer has telephone-event', async () => {
  const call = await established();
  const events = recorded(call);
  const done = call.sendDigits('12#', { duration: 200 });
  const { dtmf } = FakePeer.last;
  assert.deepEqual(dtmf.inserted, [{ tones: '12#', duration: 200, gap: 70 }]);
  dtmf.playAll();
  await done;
  says({ type: 'dtmf-receipt', call: CALL, press: 1, state: 'accepted' });
  assert.deepEqual(events, ['localdtmf 1', 'localdtmf 2', 'localdtmf #', 'dtmfreceipt accepted']);
  assert.deepEqual(sent('dtmf'), []);
  assert.equal(call.digitsBy, 'rtp');
});

test('digits travel by message where it has not, or where the browser cannot', async () => {
  const call = await client.call({ to: US });
  await answer(WITHOUT_EVENTS);
  progress('early-media');
  await call.sendDigits('5,a', { duration: 9000 });
  const [{ ref, ...asked }] = sent('dtmf');
  assert.ok(ref);
  assert.deepEqual(asked, { type: 'dtmf', call: CALL, digits: '5,A', duration: 6000, gap: 70 });
  assert.deepEqual(FakePeer.last.dtmf.inserted, []);
  assert.equal(call.digitsBy, 'message');
});

test('digits before there is anyone to hear them are refused', async () => {
  const call = await called();
  progress('ringing');
  await assert.rejects(call.sendDigits('1'), code('wrong-state'));
  await assert.rejects(call.sendDigits('x'), code('bad-digits'));
});

test('a digit from the telephone is an event', async () => {
  const call = await established();
  const digits = [];
  call.addEventListener('dtmf', (event) => digits.push([event.digit, event.durationMillis, event.road]));
  says({ type: 'dtmf', call: CALL, digit: '#', duration: 120, road: 'rtp' });
  assert.deepEqual(digits, [['#', 120, 'rtp']]);
});

/** The gateway's word on a press. */
const receipt = (number, state, more = {}) => says({ type: 'dtmf-receipt', call: CALL, press: number, state, ...more });

/** What a promise comes to, once asked. */
function watched(promise) {
  const watch = { value: undefined, error: null, done: false };
  promise.then((value) => Object.assign(watch, { value, done: true }), (error) => Object.assign(watch, { error, done: true }));
  return watch;
}

test('a press by RTP is followed from key to confirmation', async () => {
  const call = await established();
  const seen = [];
  call.addEventListener('localdtmf', ({ ordinal }) => seen.push(`begins ${ordinal}`));
  call.addEventListener('dtmfreceipt', (event) => seen.push(`${event.state} ${event.ordinal} ${event.press} ${event.road} ${event.packets}`));
  const outcome = watched(call.sendDigits('7', { until: 'confirmed' }));
  FakePeer.last.dtmf.playAll();
  receipt(1, 'accepted');
  receipt(1, 'sent', { road: 'rtp', duration: 100, packets: 8, timestamp: 4711 });
  await settled();
  assert.ok(!outcome.done);
  receipt(1, 'confirmed');
  await settled();
  assert.deepEqual(seen, ['begins 0', 'accepted 0 1 null null', 'sent 0 1 rtp 8', 'confirmed 0 1 rtp 8']);
  assert.deepEqual(outcome.value, [{
    ordinal: 0, press: 1, state: 'confirmed', road: 'rtp', durationMillis: 100, packets: 8, timestamp: 4711, reason: null, sip: null,
  }]);
});

test('presses by message are known by their message, and a refused one fails with the gateway’s error', async () => {
  const call = await client.call({ to: US });
  await answer(WITHOUT_EVENTS);
  progress('early-media');
  const first = watched(call.sendDigits('1,2', { until: 'confirmed' }));
  const second = watched(call.sendDigits('3', { until: 'sent' }));
  const [{ ref }, refused] = sent('dtmf');
  receipt(5, 'accepted', { ref, index: 1 });
  receipt(5, 'failed', { reason: 'refused', sip: 415 });
  receipt(4, 'accepted', { ref, index: 0 });
  receipt(4, 'sent', { road: 'info' });
  receipt(4, 'confirmed');
  says({ type: 'error', call: CALL, ref: refused.ref, code: 'no-telephone-event', text: 'Too many wait.' });
  await settled();
  assert.equal(first.error.code, 'digits-failed');
  assert.deepEqual(first.error.receipts.map(({ state, sip }) => [state, sip]), [['confirmed', null], ['failed', 415]]);
  assert.equal(second.error.code, 'no-telephone-event');
  assert.equal(second.error.message, 'Too many wait.');
});

test('a press that the gateway never hears of is lost after five seconds', async () => {
  const call = await established();
  const outcome = watched(call.sendDigits('1', { until: 'sent' }));
  FakePeer.last.dtmf.playAll();
  await settled();
  mock.timers.tick(4999);
  await settled();
  assert.ok(!outcome.done);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(outcome.error.reasons, ['lost']);
});

test('a press whose receipts were told while the socket was away gets them when it is back', async () => {
  const call = await established();
  const outcome = watched(call.sendDigits('1', { until: 'sent' }));
  FakePeer.last.dtmf.playAll();
  FakeSocket.last.vanish();
  mock.timers.tick(8000);
  await greet('s1');
  receipt(1, 'accepted', { seq: 1 });
  receipt(1, 'sent', { seq: 2, road: 'rtp' });
  await settled();
  assert.deepEqual(outcome.value.map(({ state }) => state), ['sent']);
});

test('a press whose receipts went with the socket is not called lost', async () => {
  const call = await established();
  const outcome = watched(call.sendDigits('1', { until: 'sent' }));
  FakePeer.last.dtmf.playAll();
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet('s1', { gap: true, calls: [{ call: CALL, state: 'established' }] });
  mock.timers.tick(10_000);
  await settled();
  assert.deepEqual(outcome.value.map(({ state, reason }) => [state, reason]), [['unconfirmable', 'signaling-lost']]);
});

test('the end of the call is told of every press before the end itself', async () => {
  const call = await established();
  const events = recorded(call);
  const outcome = watched(call.sendDigits('1', { until: 'confirmed' }));
  const played = watched(call.sendDigits('2'));
  receipt(1, 'accepted');
  receipt(1, 'sent');
  const retried = [];
  call.addEventListener('dtmfreceipt', () => { // in the midst of ending
    call.hangup();
    retried.push(watched(call.sendDigits('1')));
  });
  says({ type: 'ended', call: CALL, cause: 'normal' });
  await settled();
  assert.deepEqual(retried.map(({ error }) => error.code), ['wrong-state', 'wrong-state']);
  assert.deepEqual([...sent('hangup'), ...sent('dtmf')], []);
  assert.deepEqual(events, ['dtmfreceipt accepted', 'dtmfreceipt sent', 'dtmfreceipt unconfirmable', 'dtmfreceipt failed',
    '=ended', 'ended normal']);
  assert.equal(outcome.error.code, 'call-ended');
  assert.deepEqual(outcome.error.receipts.map(({ state, reason }) => [state, reason]), [['unconfirmable', 'call-ended']]);
  assert.equal(played.value.length, 1);
});

test('cancelling drops what waits here and in the gateway, and lets what has begun end', async () => {
  const call = await established();
  const outcomes = ['12', '3'].map((digits) => watched(call.sendDigits(digits)));
  const { dtmf } = FakePeer.last;
  dtmf.playOne();
  call.cancelDigits();
  await settled();
  assert.deepEqual(outcomes.map(({ error }) => error.code), ['digits-failed', 'digits-failed']);
  assert.deepEqual(outcomes[0].error.receipts.map(({ state, reason }) => [state, reason]),
    [['waiting', null], ['failed', 'cancelled']]);
  assert.equal(dtmf.toneBuffer, '');
  assert.deepEqual(sent('dtmf-cancel'), [{ type: 'dtmf-cancel', call: CALL }]);
  call.hangup();
  call.cancelDigits();
  assert.equal(sent('dtmf-cancel').length, 1);
});

test('the gateway tells by which road digits travel', async () => {
  const call = await established();
  const roads = [];
  call.addEventListener('dtmfroad', ({ road, why }) => roads.push([road, why]));
  assert.equal(call.digitRoad, null);
  says({ type: 'dtmf-road', call: CALL, road: 'info', why: 'The answer has no telephone-event.' });
  assert.equal(call.digitRoad, 'info');
  assert.deepEqual(roads, [['info', 'The answer has no telephone-event.']]);
});

test('no error about digits names one', async () => {
  const call = await established();
  const secret = '90210447';
  const outcomes = [
    watched(call.sendDigits(secret, { until: 'confirmed' })),
    watched(call.sendDigits(`${secret}x`)),
    watched(call.navigate(`${secret}{${secret}}`)),
    watched(call.navigate(`{silence ${secret}}`)),
    watched(call.navigate(secret)),
  ];
  await walking();
  FakePeer.last.dtmf.playOne();
  call.cancelDigits();
  mock.timers.tick(10_000);
  call.hangup();
  await settled();
  assert.deepEqual(outcomes.map(({ error }) => error.code),
    ['call-ended', 'bad-digits', 'bad-script', 'bad-script', 'call-ended']);
  for (const { error } of outcomes) {
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.receipts)}`, /9021|0210|2104|1044|0447/);
  }
});

// -- menus --

test('a menu is walked by what the gateway hears', async () => {
  const call = await established();
  const seen = [];
  call.addEventListener('navigationstep', ({ index, kind, state }) => seen.push(`${index} ${kind} ${state}`));
  call.addEventListener('heard', ({ what, durationMillis, hertz }) => seen.push([what, durationMillis, hertz]));
  const outcome = watched(call.navigate('{answer}{prompt}12{beep}', { duration: 80, silence: 500 }));
  await walking();
  const [{ ref, ...listen }] = sent('listen');
  assert.ok(ref);
  assert.deepEqual(listen, { type: 'listen', call: CALL, on: true, silence: 500 });
  await assert.rejects(call.navigate('1'), code('wrong-state'));
  mock.timers.tick(1000);
  says({ type: 'heard', call: CALL, what: 'sound' });
  says({ type: 'heard', call: CALL, what: 'music' });
  says({ type: 'heard', call: CALL, what: 'silence', duration: 900 });
  assert.deepEqual(FakePeer.last.dtmf.inserted, [{ tones: '12', duration: 80, gap: 70 }]);
  FakePeer.last.dtmf.playAll();
  await settled();
  says({ type: 'heard', call: CALL, what: 'beep', duration: 300, hertz: 1000 });
  await settled();
  assert.deepEqual(seen, [
    '0 answer started', '0 answer done', '1 prompt started', ['sound', null, null], ['silence', 900, null], '1 prompt done',
    '2 digits started', '2 digits done', '3 beep started', ['beep', 300, 1000], '3 beep done',
  ]);
  assert.deepEqual(outcome.value.map(({ kind }) => kind), ['answer', 'prompt', 'digits', 'beep']);
  assert.equal(sent('listen').at(-1).on, false);
});

test('a walk may begin before the answer, and ends with the call', async () => {
  const call = await client.call({ to: US });
  const outcome = watched(call.navigate('{answer}{sound}'));
  await walking();
  await answer();
  progress('ringing');
  assert.deepEqual(sent('listen'), []);
  says({ type: 'established', call: CALL });
  assert.equal(sent('listen').length, 1);
  says({ type: 'ended', call: CALL, cause: 'normal' });
  await settled();
  assert.equal(outcome.error.code, 'call-ended');
  assert.deepEqual(outcome.error.step, { index: 1, kind: 'sound' });
  await assert.rejects(call.navigate('{answer}'), code('wrong-state'));
});

test('a gateway that cannot listen ends the walk with its error', async () => {
  const call = await established();
  const outcome = watched(call.navigate('{sound}'));
  await walking();
  says({ type: 'error', call: CALL, ref: sent('listen')[0].ref, code: 'unknown-type', text: '' });
  await settled();
  assert.equal(outcome.error.code, 'unknown-type');
});

test('a wrong script, patience or duration is told before anything happens', async () => {
  const call = await established();
  await assert.rejects(call.navigate('{promt}'), code('bad-script'));
  await assert.rejects(call.navigate('1', { silence: 0 }), code('bad-script'));
  await assert.rejects(call.navigate('1', { duration: NaN }), code('bad-digits'));
  assert.deepEqual(FakePeer.last.dtmf.inserted, []);
});

// -- hold --

test('hold is asked of the gateway, and the microphone is still until both hear each other again', async () => {
  const call = await established();
  const events = recorded(call);
  const { track } = FakePeer.last.transceiver;
  const held = call.hold();
  assert.ok(!track.enabled);
  assert.equal(call.levels().own, 0);
  assert.equal(call.heldBy, null);
  const [{ ref }] = sent('hold');
  says({ type: 'held', call: CALL, ref, by: 'browser' });
  await held;
  assert.equal(call.heldBy, 'browser');
  const resumed = call.resume();
  assert.ok(!track.enabled);
  says({ type: 'resumed', call: CALL, ref: sent('resume')[0].ref, by: 'browser' });
  await resumed;
  assert.ok(track.enabled);
  assert.equal(call.heldBy, null);
  assert.deepEqual(events, ['held', 'resumed']);
});

test('the telephone may hold too, which leaves the microphone as it is', async () => {
  const call = await established();
  const by = [];
  call.addEventListener('held', (event) => by.push(event.by));
  says({ type: 'held', call: CALL, by: 'telephone' });
  assert.equal(call.heldBy, 'telephone');
  assert.ok(FakePeer.last.transceiver.track.enabled);
  says({ type: 'held', call: CALL, by: 'browser' });
  assert.equal(call.heldBy, 'both');
  says({ type: 'resumed', call: CALL, by: 'telephone' });
  assert.equal(call.heldBy, 'browser');
  assert.deepEqual(by, ['telephone', 'browser']);
});

test('a refused resume leaves the call on hold, a refused hold leaves it talking', async () => {
  const call = await established();
  const { track } = FakePeer.last.transceiver;
  const refused = call.hold();
  says({ type: 'error', call: CALL, ref: sent('hold')[0].ref, code: 'wrong-state', text: '' });
  await assert.rejects(refused, code('wrong-state'));
  assert.ok(track.enabled);
  says({ type: 'held', call: CALL, by: 'browser' });
  const resuming = call.resume();
  says({ type: 'error', call: CALL, ref: sent('resume')[0].ref, code: 'hold-refused', text: '' });
  await assert.rejects(resuming, code('hold-refused'));
  assert.equal(call.heldBy, 'browser');
  assert.ok(!track.enabled);
});

test('unmute on hold does not open the microphone, and resume does not unmute', async () => {
  const call = await established();
  const { track } = FakePeer.last.transceiver;
  call.mute();
  says({ type: 'held', call: CALL, by: 'browser' });
  call.unmute();
  assert.ok(!track.enabled);
  call.mute();
  says({ type: 'resumed', call: CALL, by: 'browser' });
  assert.ok(!track.enabled);
  call.unmute();
  assert.ok(track.enabled);
});

test('hold fails before the answer, without a connection, and when either ends first', async () => {
  const early = await called();
  await assert.rejects(early.hold(), code('wrong-state'));
  early.hangup();
  const call = await established();
  const waiting = assert.rejects(call.hold(), code('not-connected'), 'its answer is among what is missing');
  FakeSocket.last.vanish();
  await assert.rejects(call.hold(), code('not-connected'));
  mock.timers.tick(500);
  await greet('s1', { gap: true, calls: [{ call: CALL, state: 'established' }] });
  await waiting;
  assert.ok(FakePeer.last.transceiver.track.enabled);
});

test('a hold whose answer comes with the next socket is done then', async () => {
  const call = await established();
  const holding = call.hold();
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet('s1', { taken: 1 });
  const [{ ref }] = sent('hold');
  says({ type: 'held', call: CALL, ref, by: 'browser', seq: 9 });
  await holding;
  assert.equal(call.heldBy, 'browser');
});

test('the end of the call ends what waits for it', async () => {
  const call = await established();
  const waiting = call.hold();
  says({ type: 'ended', call: CALL, cause: 'normal', text: '', blame: 'none', retry: false });
  await assert.rejects(waiting, code('call-ended'));
  await assert.rejects(call.resume(), code('wrong-state'));
});

// -- transfer --

test('a transfer to a number is asked of the gateway, told step by step, and done before the call ends', async () => {
  const call = await established();
  const events = recorded(call);
  const stages = [];
  call.addEventListener('transferring', ({ by, stage, sip }) => stages.push([by, stage, sip]));
  const done = call.transfer('+44 1632 960100');
  const [{ ref, to }] = sent('transfer');
  assert.equal(to, '+441632960100');
  says({ type: 'transfer', call: CALL, ref, by: 'browser', stage: 'asked' });
  says({ type: 'transfer', call: CALL, ref, by: 'browser', stage: 'ringing', sip: 180 });
  says({ type: 'transfer', call: CALL, ref, by: 'browser', stage: 'of-tomorrow' });
  says({ type: 'transfer', call: CALL, ref, by: 'browser', stage: 'done' });
  says({ type: 'ended', call: CALL, cause: 'transferred', text: '', blame: 'none', retry: false });
  await done;
  assert.deepEqual(stages, [['browser', 'asked', null], ['browser', 'ringing', 180]]);
  assert.deepEqual(events, ['transferring', 'transferring', 'transferred', '=ended', 'ended transferred']);
  assert.equal(call.reason.failed, false);
});

test('a transfer to another call names that one', async () => {
  const call = await established();
  const other = await client.call({ to: US });
  says({ type: 'answer', call: 'b'.repeat(32), ref: sent('start').at(-1).ref, sdp: ANSWER });
  await settled();
  const done = call.transfer(other);
  const [{ ref, with: named }] = sent('transfer');
  assert.equal(named, 'b'.repeat(32));
  assert.equal(other.id, named);
  says({ type: 'transfer', call: CALL, ref, by: 'browser', stage: 'done' });
  await done;
});

test('a transfer that fails says why, by its cause, and the call may be transferred again', async () => {
  const call = await established();
  let told = null;
  call.addEventListener('transferfailed', (event) => (told = event));
  const busy = call.transfer('+441632960100');
  await assert.rejects(call.transfer('+441632960100'), code('wrong-state'));
  says({ type: 'transfer', call: CALL, ref: sent('transfer')[0].ref, by: 'browser', stage: 'failed', sip: 486, cause: 'busy', text: 'Busy.' });
  await assert.rejects(busy, code('busy'));
  assert.equal(told.error.code, 'busy');
  assert.equal(told.sip, 486);
  const refused = call.transfer('+441632960100');
  says({ type: 'error', call: CALL, ref: sent('transfer')[1].ref, code: 'no-transfer', text: '' });
  await assert.rejects(refused, code('no-transfer'));
  assert.equal(call.state, 'established');
});

test('the telephone may be transferred too, which answers nothing that this page has asked', async () => {
  const call = await established();
  const seen = [];
  for (const type of ['transferring', 'transferred', 'transferfailed']) {
    call.addEventListener(type, ({ by, stage, number, name }) => seen.push([type, by, stage, number, name]));
  }
  const mine = call.transfer('+441632960100');
  says({ type: 'transfer', call: CALL, by: 'telephone', stage: 'referred', number: '+4930' });
  says({ type: 'transfer', call: CALL, by: 'telephone', stage: 'done', number: '+4930', name: 'Ada' });
  assert.deepEqual(seen, [
    ['transferring', 'telephone', 'referred', '+4930', null],
    ['transferred', 'telephone', 'done', '+4930', 'Ada'],
  ]);
  says({ type: 'ended', call: CALL, cause: 'normal', text: '', blame: 'none', retry: false });
  await assert.rejects(mine, code('call-ended'));
});

test('a transfer fails before the answer, and without a connection', async () => {
  const early = await called();
  await assert.rejects(early.transfer('+441632960100'), code('wrong-state'));
  early.hangup();
  const call = await established();
  FakeSocket.last.vanish();
  await assert.rejects(call.transfer('+441632960100'), code('not-connected'));
});

// -- secure input, flash --

test('secure input is asked for with the call, and is what the gateway tells', async () => {
  const call = await called({ secureInput: true });
  const events = recorded(call);
  assert.equal(sent('start').at(-1).secureInput, true);
  assert.equal(call.secureInput, false);
  says({ type: 'secure-input', call: CALL, on: true });
  says({ type: 'secure-input', call: CALL, on: true });
  assert.equal(call.secureInput, true);
  assert.deepEqual(events, ['secureinputchange']);
});

test('who accepts a call may ask for secure input at once', async () => {
  const call = await rung();
  await call.accept({ secureInput: true });
  assert.equal(sent('accept').at(-1).secureInput, true);
});

test('secure input is promised by the gateway, refused by it, or ends with the call or the connection', async () => {
  const call = await established();
  await assert.rejects((await client.call({ to: US })).setSecureInput(true), code('wrong-state'));
  const asked = call.setSecureInput(false);
  const { ref, on } = sent('secure-input').at(-1);
  assert.equal(on, false);
  says({ type: 'secure-input', call: CALL, ref, on: true });
  assert.equal(await asked, true, 'where it is forced it stays on');
  const refused = call.setSecureInput(true);
  says({ type: 'error', call: CALL, ref: sent('secure-input').at(-1).ref, code: 'wrong-state', text: '' });
  await assert.rejects(refused, code('wrong-state'));
  const cut = call.setSecureInput(true);
  call.hangup();
  await assert.rejects(cut, code('call-ended'));
});

test('a flash of the telephone is told and is no digit', async () => {
  const call = await established();
  const events = recorded(call);
  says({ type: 'flash', call: CALL, road: 'rtp' });
  assert.deepEqual(events, ['flash']);
});

// -- mute, levels, sound --

test('mute silences the microphone here and tells the gateway', async () => {
  const call = await established();
  const events = recorded(call);
  call.mute();
  call.mute();
  assert.ok(!FakePeer.last.transceiver.track.enabled);
  assert.equal(call.levels().own, 0);
  call.unmute();
  assert.ok(FakePeer.last.transceiver.track.enabled);
  assert.deepEqual(sent('mute').map(({ muted }) => muted), [true, false]);
  assert.deepEqual(events, ['localmuted', 'localunmuted']);
});

test('levels are there for both sides once there is sound', async () => {
  const call = await called();
  assert.deepEqual(call.levels(), { own: 0.5, far: 0 });
  FakePeer.last.hear();
  assert.deepEqual(call.levels(), { own: 0.5, far: 0.5 });
  call.hangup();
  assert.deepEqual(call.levels(), { own: 0, far: 0 });
});

test('without a sound device the levels come from the connection', async () => {
  FakeAudioContext.locked = true;
  const call = await called();
  FakePeer.last.getStats = async () => new Map([
    ['a', { type: 'media-source', kind: 'audio', audioLevel: 0.25 }],
    ['b', { type: 'inbound-rtp', kind: 'audio', audioLevel: 0.125 }],
  ]);
  assert.deepEqual(call.levels(), { own: 0, far: 0 });
  await settled();
  assert.deepEqual(call.levels(), { own: 0.25, far: 0.125 });
  call.mute();
  assert.deepEqual(call.levels(), { own: 0, far: 0.125 });
});

test('a page that has been touched is not locked, even where there is no sound device', async () => {
  FakeAudioContext.locked = true;
  assert.ok(client.audio.locked);
  environment.userActivation = { hasBeenActive: true };
  const touched = new RingdownClient({ url: 'ws://gateway.example', environment });
  assert.ok(!touched.audio.locked && !touched.audio.running);
});

test('playback that the browser blocks is told, and tried again after a gesture', async () => {
  FakeAudioContext.locked = true;
  FakeAudio.refusal = Object.assign(new Error(), { name: 'NotAllowedError' });
  const call = await called();
  const events = recorded(call);
  FakePeer.last.hear();
  await settled();
  assert.deepEqual(events, ['playbackblocked']);
  FakeAudioContext.locked = false;
  FakeAudio.refusal = null;
  environment.window.dispatchEvent(new Event('pointerup'));
  await settled();
  assert.deepEqual(events, ['playbackblocked']);
  assert.ok(!client.audio.locked);
});

test('an interrupted path is told once, and once when it is back', async () => {
  const call = await established();
  const events = recorded(call);
  for (const state of ['disconnected', 'failed', 'connected', 'connected']) {
    FakePeer.last.path(state);
  }
  assert.deepEqual(events, ['mediainterrupted', 'mediarestored']);
});

test('another kind of path is told, with the one before; the first is no change', async () => {
  const call = await established();
  const changes = [];
  call.addEventListener('pathchange', ({ path, before }) => changes.push([before, path]));
  const by = async (protocol) => {
    FakePeer.last.stats = new Map([
      ['pair', { type: 'candidate-pair', selected: true, localCandidateId: 'local' }],
      ['local', { type: 'local-candidate', candidateType: 'host', protocol }],
    ]);
    mock.timers.tick(500);
    await settled();
  };
  FakePeer.last.path('connected');
  await by('udp');
  assert.deepEqual(changes, []);
  assert.equal((await call.stats()).path, 'udp');
  await by('tcp');
  await by(undefined);
  await by('tcp');
  assert.deepEqual(changes, [['udp', 'tcp']]);
});

// -- incoming --

const incoming = (more = {}) => says({ type: 'incoming', call: CALL, to: '+12025550199', from: '+12025550111', ...more });

async function rung() {
  let call;
  client.addEventListener('incoming', (event) => { call = event.call; }, { once: true });
  incoming({ name: 'Ada' });
  return call;
}

test('an incoming call rings, is accepted with the browser’s offer, and is established', async () => {
  const call = await rung();
  assert.deepEqual([call.direction, call.state, call.from, call.to, call.name],
    ['incoming', 'incoming', '+12025550111', '+12025550199', 'Ada']);
  assert.ok(playing());
  const events = recorded(call);
  await call.accept();
  assert.equal(playing(), null);
  const { sdp, ref, ...rest } = sent('accept')[0];
  assert.deepEqual(rest, { type: 'accept', call: CALL });
  says({ type: 'answer', call: CALL, ref, sdp: ANSWER });
  says({ type: 'established', call: CALL });
  await settled();
  assert.deepEqual(events, ['=connecting', '=established', 'established']);
  assert.equal(FakePeer.last.remoteDescription.sdp, ANSWER);
});

test('an incoming call has the headers that pages may know, and nothing that is no text', () => {
  const calls = [];
  client.addEventListener('incoming', (event) => calls.push(event.call));
  for (const [id, headers] of [{ 'X-Queue': 'sales', 'User-to-User': '56a3;encoding=hex' }, undefined, 'X-Queue', null,
    { 'X-Queue': 1, 'X-A': { b: 'c' }, __proto__x: 'd' }].entries()) {
    incoming({ call: String(id).repeat(32), headers });
  }
  assert.deepEqual(calls.map((call) => ({ ...call.headers })),
    [{ 'X-Queue': 'sales', 'User-to-User': '56a3;encoding=hex' }, {}, {}, {}, { __proto__x: 'd' }]);
  assert.throws(() => { calls[0].headers['X-Queue'] = 'support'; }, TypeError);
  calls.forEach((call) => call.reject());
});

test('an incoming call knows where it was before', () => {
  const calls = [];
  client.addEventListener('incoming', (event) => calls.push(event.call));
  const story = { from: '+4930123', first: '+4940123', reason: 'user-busy' };
  for (const [id, diverted] of [story, undefined, null, 'x', { from: 1, reason: 'away' }].entries()) {
    incoming({ call: String(id).repeat(32), diverted });
  }
  assert.deepEqual(calls.map((call) => call.diverted && { ...call.diverted }),
    [story, null, null, null, { reason: 'away' }]);
  calls.forEach((call) => call.reject());
});

test('an incoming call is rejected as busy or declined', async () => {
  for (const reason of ['busy', 'declined']) {
    const call = await rung();
    call.reject(reason);
    assert.deepEqual(sent('reject').at(-1), { type: 'reject', call: CALL, reason });
    assert.equal(call.reason.cause, reason);
    assert.equal(playing(), null);
    assert.throws(() => call.reject(), code('wrong-state'));
  }
});

test('a caller who gives up stops the bell without any tone', async () => {
  const call = await rung();
  says({ type: 'ended', call: CALL, cause: 'cancelled', blame: 'caller' });
  assert.equal(call.reason.cause, 'cancelled');
  assert.equal(playing(), null);
  await assert.rejects(call.accept(), code('wrong-state'));
});

test('an accept without a microphone fails and the call goes on ringing for another try', async () => {
  const call = await rung();
  environment.microphone = () => Promise.reject(Object.assign(new Error(), { name: 'NotAllowedError' }));
  await assert.rejects(call.accept(), code('microphone-denied'));
  assert.equal(call.state, 'incoming');
  await call.accept({ microphone: false });
  assert.equal(call.state, 'connecting');
});

test('two accepts are one', async () => {
  const call = await rung();
  const first = call.accept();
  await assert.rejects(call.accept(), code('wrong-state'));
  await first;
  assert.equal(sent('accept').length, 1);
});

test('an accept that the gateway cannot answer may be tried again', async () => {
  const call = await rung();
  const events = recorded(call);
  await call.accept();
  says({ type: 'error', call: CALL, ref: sent('accept')[0].ref, code: 'bad-sdp', text: 'no audio' });
  assert.deepEqual(events, ['=connecting', '=incoming', 'error bad-sdp']);
  await call.accept();
  assert.equal(sent('accept').length, 2);
});

test('the same incoming call told twice rings once', async () => {
  const calls = [];
  client.addEventListener('incoming', (event) => calls.push(event.call));
  incoming();
  incoming();
  assert.equal(calls.length, 1);
});

test('no bell in the ear of somebody who talks', async () => {
  await established();
  says({ type: 'incoming', call: 'd'.repeat(32), to: US });
  assert.equal(playing(), null);
});

test('a bell that the browser keeps silent becomes audible at the first gesture', async () => {
  FakeAudioContext.locked = true;
  await rung();
  assert.ok(client.audio.locked && client.audio.playing);
  let unlocked = 0;
  client.audio.addEventListener('unlocked', () => unlocked++);
  FakeAudioContext.locked = false;
  environment.window.dispatchEvent(new Event('keydown'));
  await settled();
  assert.equal(unlocked, 1);
  assert.ok(!client.audio.locked && client.audio.playing);
});

// -- the socket goes --

test('a call outlives a lost socket when the session is resumed', async () => {
  const call = await established();
  const events = recorded(call);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet('s1');
  assert.deepEqual(events, ['signalinglost', 'signalingrestored']);
  assert.ok(!FakePeer.last.closed);
  says({ type: 'ended', call: CALL, cause: 'normal' });
  assert.equal(call.state, 'ended');
});

test('a mute while the socket was away is told when it is back', async () => {
  const call = await established();
  FakeSocket.last.vanish();
  call.mute();
  mock.timers.tick(500);
  await greet('s1');
  assert.deepEqual(sent('mute'), [{ type: 'mute', call: CALL, muted: true }]);
});

test('a call of a session that the gateway has forgotten is over', async () => {
  const call = await established();
  const events = recorded(call);
  FakeSocket.last.vanish();
  mock.timers.tick(500);
  await greet('another');
  assert.deepEqual(events, ['signalinglost', '=ended', 'ended socket-lost']);
  assert.ok(call.reason.retryable && FakePeer.last.closed);
});

test('hanging up without a socket ends the call here, and the gateway hears of it when it can', async () => {
  const call = await established();
  FakeSocket.last.vanish();
  call.hangup();
  assert.equal(call.state, 'ended');
  mock.timers.tick(500);
  await greet('s1');
  assert.deepEqual(sent('hangup'), [{ type: 'hangup', call: CALL }]);
});

test('the codec that the gateway would rather hear is answered by an offer that stays here', async () => {
  const call = await established();
  const offers = [];
  const peer = FakePeer.last;
  const create = peer.createOffer.bind(peer);
  peer.createOffer = async () => {
    offers.push(await create());
    return offers.at(-1);
  };
  const messages = FakeSocket.last.sent.length;
  const answer = 'v=0\r\nm=audio 1 UDP/TLS/RTP/SAVPF 0 111 126\r\na=rtpmap:126 telephone-event/8000\r\n';
  says({ type: 'codec', call: CALL, codec: 'PCMU', sdp: answer });
  await settled();
  assert.equal(offers.length, 1);
  assert.deepEqual(peer.remoteDescription, { type: 'answer', sdp: answer });
  assert.equal(peer.signalingState, 'stable');
  assert.equal(FakeSocket.last.sent.length, messages);
  assert.equal(call.digitsBy, 'rtp');
  assert.equal(call.state, 'established');
});

test('a codec that the browser cannot take leaves everything as it was', async () => {
  const call = await established();
  const before = FakePeer.last.remoteDescription;
  says({ type: 'codec', call: CALL, codec: 'PCMU', sdp: 'nonsense' });
  await settled();
  assert.equal(FakePeer.last.remoteDescription, before);
  assert.equal(FakePeer.last.signalingState, 'stable');
  assert.equal(call.digitsBy, 'rtp');
  assert.equal(call.state, 'established');
  call.hangup();
  says({ type: 'codec', call: CALL, codec: 'PCMU', sdp: ANSWER });
  await settled();
});

test('the gateway tells how both legs do', async () => {
  const call = await client.call({ to: US });
  await answer();
  const seen = [];
  call.addEventListener('quality', (event) => seen.push(event));
  const verdict = { code: 'browser-sends-silence', text: 'Silence.', fault: true, side: 'browser', deaf: 'telephone' };
  const leg = { codec: 'opus', packets: 9, lost: 1, lossPercent: 10, mos: null };
  says({ type: 'quality', call: CALL, verdict, browser: leg, telephone: leg, toTelephone: { p50: 1 }, toBrowser: {} });
  assert.equal(seen.length, 1);
  assert.deepEqual(seen[0].verdict, verdict);
  assert.equal(seen[0].browser.lossPercent, 10);
  assert.equal(seen[0].telephone.mos, null);
  assert.equal(seen[0].toTelephone.p50, 1);
});

test('a page that does not want to know how calls do does not ask', async () => {
  const quiet = new RingdownClient({ url: 'ws://gateway.example', environment, quality: false, resume: false });
  const connecting = quiet.connect();
  await greet('s2');
  await connecting;
  assert.deepEqual(sent('hello'), [{ type: 'hello' }]);
  quiet.close();
});

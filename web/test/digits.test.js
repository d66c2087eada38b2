import assert from 'node:assert/strict';
import test from 'node:test';
import { DigitQueue, agreesToTelephoneEvent, press } from '../sdk/digits.js';
import { FakeDtmfSender, settled } from './fakes.js';

const code = (expected) => (error) => error.code === expected;

test('keys of a telephone are taken, in either case', () => {
  assert.deepEqual(press('1234567890*#abCD,'), { digits: '1234567890*#ABCD,', durationMillis: 100, gapMillis: 70 });
});

test('anything else is refused before the browser sees it', () => {
  for (const digits of ['', 'e', '1 2', '１', '1'.repeat(65), '+']) {
    assert.throws(() => press(digits), code('bad-digits'), digits);
  }
  assert.throws(() => press('1', { duration: NaN }), code('bad-digits'));
  assert.throws(() => press('1', { gap: Infinity }), code('bad-digits'));
});

test('duration and gap are brought into the limits of the W3C', () => {
  const limits = ({ durationMillis, gapMillis }) => [durationMillis, gapMillis];
  assert.deepEqual(limits(press('1', { duration: 1, gap: 0 })), [40, 30]);
  assert.deepEqual(limits(press('1', { duration: 40, gap: 30 })), [40, 30]);
  assert.deepEqual(limits(press('1', { duration: 9000, gap: 9000 })), [6000, 6000]);
});

test('telephone-event is looked for in the answer', () => {
  assert.ok(agreesToTelephoneEvent('v=0\r\na=rtpmap:110 telephone-event/48000\r\n'));
  assert.ok(!agreesToTelephoneEvent('v=0\r\na=rtpmap:111 opus/48000/2\r\n'));
});

test('presses that follow each other are all played, in order', async () => {
  const sender = new FakeDtmfSender();
  const heard = [];
  const queue = new DigitQueue(sender, (digit) => heard.push(digit));
  const done = [];
  queue.add(press('12')).then(() => done.push('12'));
  queue.add(press('3', { duration: 500 })).then(() => done.push('3'));
  assert.deepEqual(sender.inserted, [{ tones: '12', duration: 100, gap: 70 }]);
  sender.playAll();
  await settled();
  assert.deepEqual(done, ['12']);
  assert.deepEqual(sender.inserted[1], { tones: '3', duration: 500, gap: 70 });
  sender.playAll();
  await settled();
  assert.deepEqual(done, ['12', '3']);
  assert.deepEqual(heard, ['1', '2', '3']);
});

test('a comma is a pause, not a digit', () => {
  const sender = new FakeDtmfSender();
  const heard = [];
  new DigitQueue(sender, (digit) => heard.push(digit)).add(press('1,2'));
  sender.playAll();
  assert.deepEqual(heard, ['1', '2']);
});

test('whoever waits for digits of a call that ends is not left waiting', async () => {
  const sender = new FakeDtmfSender();
  const queue = new DigitQueue(sender, () => {});
  const waiting = [queue.add(press('1')), queue.add(press('2'))];
  queue.close();
  await Promise.all(waiting);
  assert.equal(sender.inserted.length, 1);
});

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

/** A queue on a browser's sender, and everything it tells. */
function queued() {
  const sender = new FakeDtmfSender();
  const told = [];
  const queue = new DigitQueue(sender, {
    began: (digit, wanted) => told.push(wanted ? digit : `unwanted ${digit}`),
    over: () => told.push('over'),
    gaveUp: (reason) => told.push(reason),
  });
  return { sender, queue, told, begun: () => told.filter((each) => each !== 'over') };
}

test('presses that follow each other are all played, in order', async () => {
  const { sender, queue, begun } = queued();
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
  assert.deepEqual(begun(), ['1', '2', '3']);
});

test('a comma is a pause, not a digit, and ends the one before it', () => {
  const { sender, queue, told } = queued();
  queue.add(press('1,2'));
  sender.playOne();
  told.length = 0;
  sender.playOne();
  assert.deepEqual(told, ['over']);
  sender.playAll();
  assert.deepEqual(told, ['over', 'over', '2', 'over']);
});

test('whoever waits for digits of a call that ends is not left waiting', async () => {
  const { sender, queue } = queued();
  const waiting = [queue.add(press('1')), queue.add(press('2'))];
  queue.close();
  await Promise.all(waiting);
  assert.equal(sender.inserted.length, 1);
});

test('cancelling drops all that has not started; what comes after waits until the browser is through', async () => {
  const { sender, queue, told, begun } = queued();
  const waiting = [queue.add(press('12')), queue.add(press('3'))];
  sender.playOne();
  queue.cancel();
  await Promise.all(waiting);
  assert.deepEqual(begun(), ['1', 'cancelled']);
  assert.equal(sender.toneBuffer, '');
  queue.add(press('4'));
  assert.equal(sender.inserted.at(-1).tones, '');
  sender.playOne();
  assert.equal(told.at(-1), 'over');
  assert.equal(sender.inserted.at(-1).tones, '4');
  sender.playAll();
  assert.deepEqual(begun(), ['1', 'cancelled', '4']);
});

test('a tone that starts although it was cancelled is nobody’s', () => {
  const { sender, queue, begun } = queued();
  queue.add(press('1'));
  queue.cancel();
  queue.add(press('2'));
  sender.dispatchEvent(Object.assign(new Event('tonechange'), { tone: '1' }));
  assert.deepEqual(begun(), ['cancelled', 'unwanted 1']);
});

test('cancelling when nothing is under way leaves the browser alone', () => {
  const { sender, queue } = queued();
  queue.cancel();
  assert.deepEqual(sender.inserted, []);
  queue.add(press('1'));
  assert.equal(sender.inserted.length, 1);
});

test('a browser that may not send any more gives up what waits, and takes the next', async () => {
  const { sender, queue, begun } = queued();
  const first = queue.add(press('1'));
  const second = queue.add(press('2'));
  sender.refuses = true;
  sender.playAll();
  await Promise.all([first, second]);
  assert.deepEqual(begun(), ['1', 'no-road']);
  sender.refuses = false;
  queue.add(press('3'));
  sender.playAll();
  assert.deepEqual(begun(), ['1', 'no-road', '3']);
});

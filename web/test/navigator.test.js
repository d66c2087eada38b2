import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { RingdownError } from '../sdk/index.js';
import { parseScript, patience } from '../sdk/navigation.js';
import { Navigator } from '../sdk/navigator.js';
import { settled } from './fakes.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

/** A call in memory that is walked through a script. */
function walked(script, { state = 'established', options = {}, signal, connected = true } = {}) {
  const line = { state, asked: [], press: null, connected };
  const navigator = new Navigator(
    {
      now: () => Date.now(),
      state: () => line.state,
      press: (digits) => {
        line.asked.push(`press ${digits}`);
        return new Promise((resolve, reject) => { line.press = { resolve, reject }; });
      },
      cancel: () => line.asked.push('cancel'),
      listen: (on, millis) => {
        if (!line.connected) {
          throw new RingdownError('not-connected');
        }
        line.asked.push(on ? `listen ${millis}` : 'listen off');
      },
      told: ({ index, kind }, step) => line.asked.push(`${index} ${kind} ${step}`),
    },
    parseScript(script), patience(options), signal,
  );
  const outcome = { records: null, error: null };
  navigator.run().then((records) => { outcome.records = records; }, (error) => { outcome.error = error; });
  const enter = (next) => {
    line.state = next;
    navigator.onState();
  };
  const hears = (what, durationMillis = null) => navigator.onHeard({ what, durationMillis });
  return { line, navigator, outcome, enter, hears };
}

/** The code, the step, and the words of a failure. */
const failure = ({ error }) => [error?.code, error?.step, error?.message];

test('it listens before the first wait and no longer than the walk', async () => {
  const { line, outcome, hears } = walked('1{prompt}2');
  assert.deepEqual(line.asked, ['0 digits started', 'press 1']);
  line.press.resolve();
  await settled();
  assert.deepEqual(line.asked.splice(0), ['0 digits started', 'press 1', '0 digits done', '1 prompt started', 'listen 700']);
  hears('sound');
  mock.timers.tick(3000);
  hears('silence', 2300);
  line.press.resolve();
  await settled();
  assert.deepEqual(line.asked, ['1 prompt done', '2 digits started', 'press 2', '2 digits done', 'listen off']);
  assert.deepEqual(outcome.records.map(({ kind, millis }) => [kind, millis]), [['digits', 0], ['prompt', 3000], ['digits', 0]]);
});

test('before the answer it listens as soon as there can be something to hear', async () => {
  const { line, enter, outcome } = walked('{answer}{silence 1000}', { state: 'ringing' });
  assert.deepEqual(line.asked, ['0 answer started']);
  enter('early-media');
  assert.deepEqual(line.asked, ['0 answer started', 'listen 1000']);
  mock.timers.tick(5000);
  enter('established'); // it has long been silent
  await settled();
  assert.deepEqual(outcome.records.map(({ millis }) => millis), [5000, 0]);
});

test('a script that hears nothing does not ask the gateway to listen', async () => {
  const { line, outcome } = walked('{answer}{pause 500}');
  mock.timers.tick(500);
  await settled();
  assert.equal(outcome.records.length, 2);
  assert.ok(!line.asked.some((each) => each.startsWith('listen')));
});

test('a wait that takes too long is named', async () => {
  const { line, outcome } = walked('{prompt}1', { options: { timeout: 8000 } });
  mock.timers.tick(7999);
  await settled();
  assert.equal(outcome.error, null);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(failure(outcome),
    ['navigation-timeout', { index: 0, kind: 'prompt' }, 'Not done within 8 s: step 1 of 2 (prompt).']);
  assert.equal(line.asked.at(-1), 'listen off');
});

test('giving up in a wait ends it, and presses nothing any more', async () => {
  const giveUp = new AbortController();
  const { line, outcome, hears } = walked('{answer}{beep}1', { signal: giveUp.signal });
  giveUp.abort();
  await settled();
  assert.deepEqual(failure(outcome),
    ['navigation-aborted', { index: 1, kind: 'beep' }, 'Given up at step 2 of 3 (beep).']);
  hears('beep');
  assert.equal(line.asked.at(-1), 'listen off');
});

test('giving up while digits are pressed cancels them', async () => {
  const giveUp = new AbortController();
  const { line, outcome } = walked('1234', { signal: giveUp.signal });
  giveUp.abort('enough');
  await settled();
  assert.equal(outcome.error.code, 'navigation-aborted');
  assert.equal(outcome.error.cause, 'enough');
  assert.equal(line.asked.at(-1), 'cancel');
  line.press.resolve();
  await settled();
  assert.ok(!line.asked.includes('0 digits done'));
});

test('one that was given up before it began does nothing', async () => {
  const { line, outcome } = walked('{beep}1', { signal: AbortSignal.abort() });
  await settled();
  assert.deepEqual(outcome.error.step, { index: 0, kind: 'beep' });
  assert.deepEqual(line.asked, []);
});

test('after the walk its signal does nothing', async () => {
  const giveUp = new AbortController();
  const { line, outcome } = walked('1', { signal: giveUp.signal });
  line.press.resolve();
  await settled();
  const { length } = line.asked;
  giveUp.abort();
  assert.equal(outcome.records.length, 1);
  assert.equal(line.asked.length, length);
});

test('digits that fail end the walk with their own error, their receipts, and the step', async () => {
  const { line, outcome, hears } = walked('{sound}4711');
  hears('sound');
  const receipts = [{ ordinal: 0, state: 'failed', reason: 'lost' }];
  line.press.reject(new RingdownError('digits-failed', { text: '1 of 4 presses did not get there.', receipts }));
  await settled();
  assert.deepEqual(failure(outcome), ['digits-failed', { index: 1, kind: 'digits' }, '1 of 4 presses did not get there.']);
  assert.deepEqual(outcome.error.reasons, ['lost']);
  assert.equal(line.asked.at(-1), 'listen off');
});

test('the end of the call ends the walk, and nobody is asked to stop listening', async () => {
  const { line, navigator, outcome, enter } = walked('{prompt}1');
  enter('ended');
  navigator.fail(new RingdownError('call-ended'));
  await settled();
  assert.deepEqual(failure(outcome).slice(0, 2), ['call-ended', { index: 0, kind: 'prompt' }]);
  assert.equal(line.asked.at(-1), 'listen 700');
});

test('without a socket it cannot listen; one that goes later does not hide why the walk failed', async () => {
  const offline = walked('{sound}', { connected: false });
  await settled();
  assert.deepEqual(failure(offline.outcome).slice(0, 2), ['not-connected', { index: 0, kind: 'sound' }]);
  const { line, outcome } = walked('{sound}');
  line.connected = false;
  mock.timers.tick(30_000);
  await settled();
  assert.equal(outcome.error.code, 'navigation-timeout');
});

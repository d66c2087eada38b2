import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { REASONS, pressWords, roadWords, stepWords, transferWords } from '../demo/words.js';
import { parseScript } from '../sdk/navigation.js';

const protocol = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

test('every reason of the protocol has words on the page', () => {
  const receipts = protocol.split('### Receipts')[1].split('###')[0];
  const rows = receipts.split('\n').filter((line) => /^\| `(unconfirmable|failed)`/.test(line));
  const reasons = rows.flatMap((row) => [...row.split('|')[2].matchAll(/`([a-z-]+)`/g)].map((match) => match[1]))
    .filter((name) => !['reason', 'sip', 'info'].includes(name));
  assert.ok(reasons.length > 10);
  assert.deepEqual(reasons.filter((reason) => !REASONS[reason]), []);
});

test('every road of the protocol has words', () => {
  const row = protocol.split('\n').find((line) => line.startsWith('| `dtmf-road`')) ?? '';
  const roads = [...row.split('|')[2].matchAll(/`([a-z]+)`/g)].map((match) => match[1])
    .filter((name) => !['call', 'road', 'why'].includes(name));
  assert.deepEqual(roads, ['rtp', 'info', 'inband', 'none']);
  assert.deepEqual(roads.filter((road) => !roadWords(road)), []);
});

test('a press says what has become of it, and why', () => {
  assert.equal(pressWords({ state: 'sent', reason: null }), 'on the wire');
  assert.equal(pressWords({ state: 'failed', reason: 'lost' }), 'failed: lost on the way');
  assert.equal(pressWords({ state: 'failed', reason: 'from-the-future' }), 'failed: from-the-future');
});

test('the steps of a menu read as what is done', () => {
  assert.deepEqual(parseScript('{answer}{prompt}12,{silence 1500}{silence}{pause 500}{beep}{sound}').map(stepWords), [
    'Wait for the answer', 'Hear an announcement to its end', 'Press 12,', 'Wait for silence, 1.5 s', 'Wait for silence',
    'Pause, 0.5 s', 'Wait for a beep', 'Wait for a sound',
  ]);
});

test('each stage of a transfer has words, and says whom the call is with where that is told', () => {
  const told = { by: 'telephone', number: null, name: null, error: null };
  for (const stage of ['asked', 'referred', 'trying', 'ringing', 'done', 'failed']) {
    assert.ok(transferWords({ ...told, stage }).length > 5, stage);
  }
  assert.match(transferWords({ ...told, stage: 'done', number: '+4930', name: 'Ada' }), /Ada/);
  assert.match(transferWords({ ...told, stage: 'referred', number: '+4930' }), /\+4930/);
  assert.equal(transferWords({ ...told, stage: 'failed', error: { message: 'Busy.' } }), 'Busy.');
});

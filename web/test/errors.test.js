import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ERRORS, RingdownError } from '../sdk/index.js';
import { endReason } from '../sdk/errors.js';
import { CAUSES } from '../sdk/registry.js';

const read = (path) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

/** The codes in the first column of the tables under a heading. */
function codesUnder(text, heading) {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const firstCells = section.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1]);
  return firstCells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]));
}

test('the registry knows every cause of the protocol, and no other', () => {
  const causes = codesUnder(read('protocol.md'), 'Causes');
  assert.ok(causes.length > 20);
  assert.deepEqual(Object.keys(CAUSES).sort(), causes.sort());
});

test('the registry knows every error of the protocol', () => {
  const errors = codesUnder(read('protocol.md'), 'Errors');
  assert.ok(errors.length > 8);
  assert.deepEqual(errors.filter((code) => !ERRORS[code]), []);
});

test('docs/sdk.md lists every code with its text and hint', () => {
  const lines = read('sdk.md').split('\n');
  for (const [code, { text, hint, retryable }] of Object.entries(ERRORS)) {
    const line = `| \`${code}\` | ${text} | ${hint} | ${retryable ? 'yes' : 'no'} |`;
    assert.ok(lines.includes(line), `missing or different in docs/sdk.md:\n${line}`);
  }
});

test('an error says what to do, and the gateway may say what happened', () => {
  const plain = new RingdownError('bad-number');
  assert.equal(plain.message, ERRORS['bad-number'].text);
  assert.ok(plain.hint && !plain.retryable && plain instanceof Error);
  assert.equal(new RingdownError('bad-sdp', { text: 'no fingerprint' }).message, 'no fingerprint');
});

test('a code of a newer gateway is no accident', () => {
  for (const code of ['from-the-future', 'constructor', '__proto__']) {
    const error = new RingdownError(code);
    assert.ok(error.message && error.retryable, code);
    assert.equal(error.code, code);
  }
});

test('an ending keeps what the gateway said and fills in what it did not', () => {
  assert.deepEqual(
    endReason({ cause: 'busy', text: 'The number is busy.', sip: 486, q850: 17, blame: 'callee', retry: true }),
    {
      cause: 'busy', text: 'The number is busy.', hint: '', blame: 'callee', retryable: true,
      failed: true, sip: 486, q850: 17,
    },
  );
  assert.deepEqual(endReason({ cause: 'busy' }).hint, CAUSES.busy.hint);
  assert.equal(endReason({ cause: 'normal' }).failed, false);
  assert.equal(endReason({}).cause, 'internal');
  assert.equal(endReason({ cause: 'busy', blame: 'nobody' }).blame, 'none');
});

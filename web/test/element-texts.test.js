import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEXTS, concerns, tell } from '../element/texts.js';
import { entryOf } from '../sdk/errors.js';
import { ERRORS } from '../sdk/index.js';

/** Warnings are no errors; what the element says of itself has no code. */
const WARNINGS = ['bad-sound-here', 'bad-sound-there', 'one-way-audio', 'muted-but-speaking', 'microphone-silent', 'microphone-lost'];
const OWN = Object.keys(TEXTS.en);
const OTHERS = Object.entries(TEXTS).filter(([language]) => language !== 'en');

test('each language has words for everything that another one has words for', () => {
  const [[, first]] = OTHERS;
  for (const [language, texts] of OTHERS) {
    assert.deepEqual(Object.keys(texts), Object.keys(first), language);
    assert.ok(Object.values(texts).every((text) => text.trim() === text && text.length > 2), language);
  }
  assert.equal(OTHERS.length, 3);
});

test('no words wait for a code that does not exist', () => {
  const unknown = Object.keys(TEXTS.de).filter((code) => !(code in ERRORS) && !WARNINGS.includes(code) && !OWN.includes(code));
  assert.deepEqual(unknown, []);
});

test('whatever happens is told in the language of the page, never half in English', () => {
  for (const [language, texts] of OTHERS) {
    for (const code of [...Object.keys(ERRORS), 'a-code-of-a-newer-gateway']) {
      const { text, hint, retryable } = ERRORS[code] ?? entryOf(code);
      assert.ok(Object.values(texts).includes(tell(texts, { code, text, hint, retryable })), `${language}: ${code}`);
    }
  }
});

test('a code without words of its own says whether trying again makes sense', () => {
  const what = { code: 'a-code-of-a-newer-gateway', text: 'x', hint: 'y' };
  assert.equal(tell(TEXTS.de, { ...what, retryable: true }), TEXTS.de.later);
  assert.equal(tell(TEXTS.de, { ...what, retryable: false }), TEXTS.de.failed);
});

test('what goes wrong inside a call is shown to the caller only where it concerns the caller', () => {
  assert.deepEqual(WARNINGS.filter((code) => !concerns(code)), []);
  assert.deepEqual(['path-changed', 'digits-failed', 'wrong-state', 'constructor'].filter(concerns), []);
});

test('English tells what the SDK tells, and a page can put its own words in the place of it', () => {
  const busy = { code: 'busy', ...entryOf('busy') };
  assert.equal(tell(TEXTS.en, busy), 'The line is busy. Try again in a few minutes.');
  const unauthorized = { code: 'unauthorized', ...entryOf('unauthorized') };
  assert.equal(tell(TEXTS.en, unauthorized), TEXTS.en.failed, 'nothing about tokens: a caller has none');
  assert.equal(tell({ ...TEXTS.en, busy: 'All of us are talking.' }, busy), 'All of us are talking.');
});

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { KEYS } from '../softphone/shortcuts.js';
import { WORDS, duration, languageOf } from '../softphone/words.js';

const folder = new URL('../softphone/', import.meta.url);
const files = readdirSync(folder).filter((name) => /\.(js|html)$/.test(name) && name !== 'words.js');
const sources = Object.fromEntries(files.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));

test('each word is there in four languages, with the same place to fill', () => {
  for (const [key, words] of Object.entries(WORDS)) {
    assert.equal(words.length, 4, key);
    assert.ok(words.every((text) => text.trim() === text && text.length > 1), key);
    assert.ok(words.every((text) => text.includes('{}') === words[0].includes('{}')), key);
  }
});

test('whatever the page says has words, and no words are said by nobody', () => {
  const used = new Set(Object.values(sources).flatMap((text) => [
    ...[...text.matchAll(/\bword\('([\w-]+)'/g)].map(([, key]) => key),
    ...[...text.matchAll(/data-(?:text|label)="([\w-]+)"/g)].map(([, key]) => key),
  ]));
  const made = Object.values(sources).flatMap((text) => [...text.matchAll(/word\(`([\w-]+-)\$\{/g)].map(([, start]) => start));
  assert.deepEqual([...used].filter((key) => !WORDS[key]), []);
  const named = (key) => Object.values(sources).some((text) => text.includes(`'${key}'`));
  assert.deepEqual(Object.keys(WORDS).filter((key) => !used.has(key) && !made.some((start) => key.startsWith(start)) && !named(key)), []);
  assert.deepEqual([...Object.values(KEYS), 'help', 'choose'].filter((deed) => !WORDS[`key-${deed}`]), []);
});

test('what is told in French, German or Spanish is not English that somebody has forgotten', () => {
  for (const [key, [english, ...others]] of Object.entries(WORDS)) {
    assert.ok(english.split(' ').length === 1 || !others.includes(english), `${key}: ${english}`);
  }
  for (let i = 1; i < 4; i++) {
    const alike = Object.values(WORDS).filter((words) => words[i] === words[0]).length;
    assert.ok(alike < Object.keys(WORDS).length / 15, `${alike} words are English ones`);
  }
  assert.equal(new Set(WORDS.reasons.map((text) => text.split(',').length)).size, 1, 'as many reasons in each');
});

test('there are words for every state that the page may have to name', () => {
  const named = {
    link: ['closed', 'connecting', 'connected', 'reconnecting'],
    is: ['incoming', 'connecting', 'trying', 'ringing', 'early-media', 'talking', 'ended', 'held'],
    press: ['waiting', 'accepted', 'sent', 'confirmed', 'unconfirmable', 'failed'],
    supervised: ['whisper', 'barge'],
    you: ['listen', 'whisper', 'barge'],
    key: [...Object.values(KEYS), 'help', 'choose'],
  };
  const missing = Object.entries(named).flatMap(([start, ends]) => ends.map((end) => `${start}-${end}`)).filter((key) => !WORDS[key]);
  assert.deepEqual(missing, []);
});

test('what stands in the page itself has a place for words, so that no English is left in another language', () => {
  const body = sources['index.html'].replace(/[\s\S]*<body>/, '').replace(/<noscript>[\s\S]*?<\/noscript>/g, '').replace(/<(svg|kbd)\b[\s\S]*?<\/\1>/g, '');
  const said = [...body.matchAll(/<(\w+)([^>]*)>([^<]*[a-z]{2}[^<]*)/gi)].filter(([, , attributes]) => !attributes.includes('data-text'));
  assert.deepEqual(said.map(([, , , text]) => text.trim()).filter(Boolean), []);
  const labels = [...body.matchAll(/\b(?:aria-label|title|placeholder|alt)="([^"]*[a-z]{2}[^"]*)"/gi)].map(([, text]) => text);
  assert.deepEqual(labels, []);
});

test('the language is the first that somebody reads and the page speaks', () => {
  assert.deepEqual([['fr-CA', 'en'], ['pt', 'es-MX'], ['ja'], []].map(languageOf), ['fr', 'es', 'en', 'en']);
});

test('lengths are read as on a clock', () => {
  assert.deepEqual([0, 5999, 65_000, 3_723_000].map(duration), ['0:00', '0:05', '1:05', '1:02:03']);
});

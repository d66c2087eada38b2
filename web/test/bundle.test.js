import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundle } from '../build.js';

const MOST_BYTES = 25_000; // gzipped: SDK and element

const committed = await readFile(new URL('../dist/ringdown.js', import.meta.url));

test('dist/ringdown.js is what the sources give; else: npm run build', async () => {
  assert.ok(committed.equals(await bundle()), 'dist/ringdown.js is stale: npm run build, and commit it');
});

test('a page loads less than 25 000 bytes', () => {
  const bytes = gzipSync(committed, { level: 9 }).length;
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes gzipped`);
});

test('the bundle is a module of its own: it imports nothing, and says what it is', async () => {
  const { RingdownClient, RingdownError, normaliseNumber } = await import('../dist/ringdown.js');
  assert.equal(normaliseNumber('+44 (0)1632 960100'), '+441632960100');
  assert.equal(new RingdownClient({ url: 'wss://gateway.example' }).state, 'closed');
  assert.equal(new RingdownError('bad-number').code, 'bad-number');
  assert.match(String(committed), /customElements/, 'it defines the element');
  assert.doesNotMatch(String(committed), /\bimport\s*[({"']|\beval\(|new Function/);
});

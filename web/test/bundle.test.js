import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
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

for (const name of ['call', 'client', 'devices', 'resumption', 'tokens']) {
  test(`the bundle passes ${name}.test.js, but for menus`, () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env; // these are tests of their own
    const { status, stdout } = spawnSync(process.execPath, ['--import', './test/on-bundle.js', `test/${name}.test.js`], {
      cwd: fileURLToPath(new URL('..', import.meta.url)), env: { ...env, ON_BUNDLE: 'yes' }, encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /pass \d\d/);
  });
}

test('what the bundle leaves out says so', async () => {
  const { Call } = await import('../dist/ringdown.js');
  await assert.rejects(Call.prototype.navigate.call({}, '{beep}'), (error) => error.code === 'left-out' && /sdk\/index\.js/.test(error.hint));
});

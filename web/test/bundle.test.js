import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from '../build.js';

const MOST_BYTES = 25_000; // gzipped: SDK and element
const MOST_OF_A_PART = 4000;

const dist = new URL('../dist/', import.meta.url);
const committed = await readFile(new URL('ringdown.js', dist));

test('what lies in dist is what the sources give; else: npm run build', async () => {
  const files = await bundle();
  assert.deepEqual((await readdir(dist)).sort(), Object.keys(files).sort());
  for (const [name, contents] of Object.entries(files)) {
    assert.ok((await readFile(new URL(name, dist))).equals(contents), `dist/${name} is stale: npm run build, and commit it`);
  }
});

test('a page loads less than 25 000 bytes, and more only for a menu or a test before a call', async (context) => {
  for (const name of await readdir(dist)) {
    const bytes = gzipSync(await readFile(new URL(name, dist)), { level: 9 }).length;
    context.diagnostic(`${name}: ${bytes} bytes gzipped`);
    assert.ok(bytes < (name === 'ringdown.js' ? MOST_BYTES : MOST_OF_A_PART), `${name}: ${bytes} bytes gzipped`);
  }
});

test('the bundle is a module of its own: it imports nothing but its parts, when they are asked for', async () => {
  const { RingdownClient, RingdownError, normaliseNumber } = await import('../dist/ringdown.js');
  assert.equal(normaliseNumber('+44 (0)1632 960100'), '+441632960100');
  assert.equal(new RingdownClient({ url: 'wss://gateway.example' }).state, 'closed');
  assert.equal(new RingdownError('bad-number').code, 'bad-number');
  assert.match(String(committed), /customElements/, 'it defines the element');
  assert.deepEqual(String(committed).match(/\bimport\b[^.][^;,)]*\)?/g), ['import("./ringdown-menus.js")', 'import("./ringdown-test.js")']);
  assert.doesNotMatch(String(committed), /\beval\(|new Function/);
});

/** A test of the SDK, of what lies in dist instead. */
async function onBundle(name) {
  const built = { '../sdk/index.js': 'ringdown.js', '../sdk/navigator.js': 'ringdown-menus.js', '../sdk/pre-call.js': 'ringdown-test.js' };
  const text = await readFile(new URL(`${name}.test.js`, import.meta.url), 'utf8');
  return text.replace(/'(\.\.?\/[\w/-]+\.js)'/g, (_, path) => `'${new URL(built[path] ?? path, built[path] ? dist : import.meta.url)}'`);
}

for (const name of ['call', 'client', 'devices', 'pre-call', 'resumption', 'tokens']) {
  test(`the bundle passes ${name}.test.js`, async () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env; // these are tests of their own
    const folder = await mkdtemp(join(tmpdir(), 'ringdown-bundle-'));
    await writeFile(join(folder, `${name}.test.mjs`), await onBundle(name));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, `${name}.test.mjs`)], { env, encoding: 'utf8' });
    await rm(folder, { recursive: true });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /pass [1-9]/);
  });
}

test('a part that cannot be loaded says so', async () => {
  const alone = await mkdtemp(join(tmpdir(), 'ringdown-alone-'));
  await writeFile(join(alone, 'ringdown.mjs'), committed);
  const { Call } = await import(pathToFileURL(join(alone, 'ringdown.mjs')).href);
  await rm(alone, { recursive: true });
  await assert.rejects(Call.prototype.navigate.call({}, '{beep}'), (error) => error.code === 'not-loaded' && error.retryable);
});

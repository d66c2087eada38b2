/** The package as an empty project gets it: packed, installed without a network, imported, and compiled against. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'ringdown-consumer-'));
const run = (command, ...options) => execFileSync(command, options, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: web, stdio: 'pipe' });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', `./${tarball}`);
  cpSync(join(web, 'consumer'), project, { recursive: true });
});

after(() => rmSync(project, { recursive: true }));

const compile = (file) => {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
  try {
    return run(join(web, 'node_modules/.bin/tsc'), ...options, file);
  } catch (error) {
    return error.stdout;
  }
};

test('what needs no browser works in Node', () => {
  const script = "import { ERRORS, normaliseNumber, parseScript, toneFor, RingdownClient } from '@ringdown/sdk';"
    + "console.log(JSON.stringify([normaliseNumber('+44 1632 960100'), parseScript('{beep}').length, toneFor('+44', 'busy'),"
    + " ERRORS.busy.retryable, new RingdownClient({ url: 'wss://calls.example' }).state]));";
  assert.deepEqual(JSON.parse(run('node', '--input-type=module', '--eval', script)), ['+441632960100', 1, '400 .375-.375', true, 'closed']);
});

test('the bundle can be imported as well', () => {
  assert.equal(run('node', '--input-type=module', '--eval', "import { RingdownClient } from '@ringdown/sdk/bundle'; console.log(typeof RingdownClient);").trim(), 'function');
});

test('TypeScript takes all of the public API, strictly', () => {
  assert.equal(compile('right.ts'), '');
});

test('TypeScript refuses what is wrong', () => {
  assert.equal(compile('wrong.ts'), '');
});

test('the package has what it needs and nothing of ours', () => {
  const installed = join(project, 'node_modules/@ringdown/sdk');
  assert.deepEqual(readdirSync(installed).sort(), ['README.md', 'dist', 'element', 'package.json', 'sdk', 'types']);
  assert.equal(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).dependencies, undefined);
});

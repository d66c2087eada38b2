import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Tries, Wishes, addressOf } from '../examples/call-back-node/visitors.js';

const MINUTE = 60_000;
const SECRET = 'a secret of at least 32 characters';
const ends = [];

after(() => ends.forEach((end) => end()));

/** The address of a port that was free. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A Java that runs one file, 21 or later; undefined: there is none. */
const java = ['java', `${process.env.JAVA_HOME}/bin/java`]
  .find((each) => Number(/version "(\d+)/.exec(`${spawnSync(each, ['-version']).stderr}`)?.[1]) >= 21);

/** Starts an example, and waits until it says that it is ready. */
async function start(name, env, program = process.execPath, file = 'server.js') {
  const port = await freePort();
  const path = fileURLToPath(new URL(`../examples/${name}/${file}`, import.meta.url));
  const child = spawn(program, [path], { env: { ...process.env, ...env, PORT: `${port}` }, stdio: ['ignore', 'pipe', 'pipe'] });
  ends.push(() => child.kill());
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  while (!said.includes('ready')) {
    const [what] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    assert.ok(typeof what !== 'number' || said.includes('ready'), `${name} ended: ${said}`);
  }
  return { child, port, site: `http://127.0.0.1:${port}/`, said: () => said };
}

/** A gateway that begins a call for each key. */
async function gateway() {
  const keys = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    request.resume().on('end', () => response.writeHead(202).end('{"call":"c"}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return { keys, url: `http://127.0.0.1:${server.address().port}` };
}

const callBack = async (more = {}) => {
  const { keys, url } = await gateway();
  return { keys, ...(await start('call-back-node', { GATEWAY: url, KEY: 'k', AGENT: 'alice', NUMBERS: '+49', ...more })) };
};

const ask = async (site, number, forwarded) =>
  (await fetch(site, {
    method: 'POST', body: new URLSearchParams({ number }), headers: forwarded ? { 'X-Forwarded-For': forwarded } : {},
  })).status;

test('clicks within a minute of the first are one wish, whatever the clock says', () => {
  const wishes = new Wishes();
  const first = wishes.keyOf('+491', 59_999);
  assert.equal(wishes.keyOf('+491', 60_001), first);
  assert.notEqual(wishes.keyOf('+492', 60_001), first);
  assert.equal(wishes.keyOf('+491', 59_999 + MINUTE - 1), first);
  const second = wishes.keyOf('+491', 59_999 + MINUTE);
  assert.notEqual(second, first);
  assert.equal(wishes.keyOf('+491', 59_999 + MINUTE + 1), second);
});

test('an address may ask so often within an hour of its first try, and not more are remembered than there is room for', () => {
  const tries = new Tries(2, 3);
  assert.deepEqual([0, 1, 2, 3_599_999, 3_600_000].map((now) => tries.tooOften('a', now)), [false, false, true, true, false]);
  for (const address of ['b', 'c', 'd']) {
    assert.equal(tries.tooOften(address, 3_600_001), false);
  }
  assert.deepEqual(['a', 'a', 'a'].map((address) => tries.tooOften(address, 3_600_002)), [false, false, true], 'the oldest was forgotten');
});

test('a visitor is where the last of our proxies was asked from; what stands before, anybody may write', () => {
  const peer = '127.0.0.1';
  assert.equal(addressOf(peer, '198.51.100.1', 0), peer, 'without a proxy nobody is believed');
  assert.equal(addressOf(peer, '203.0.113.9, 198.51.100.1', 1), '198.51.100.1');
  assert.equal(addressOf(peer, '203.0.113.9,198.51.100.1, 10.0.0.2', 2), '198.51.100.1');
  for (const odd of [undefined, '', 'unknown', '198.51.100.1, ', '_hidden']) {
    assert.equal(addressOf(peer, odd, 1), peer, `${odd}`);
  }
  assert.equal(addressOf(peer, '198.51.100.1', 2), peer, 'it has not come through both');
  assert.equal(addressOf(peer, '2001:db8::1', 1), addressOf(peer, '2001:DB8:0:0:ffff::9', 1), 'one /64');
  assert.notEqual(addressOf(peer, '2001:db8::1', 1), addressOf(peer, '2001:db8:0:1::1', 1));
});

test('two clicks begin one call, and visitors behind a proxy are counted apart', async () => {
  const { keys, site } = await callBack({ PROXY: '1' });
  assert.deepEqual([await ask(site, '+49301', '198.51.100.1'), await ask(site, '+493012345', '198.51.100.1')], [400, 202]);
  assert.deepEqual([await ask(site, '+493012345', '198.51.100.1'), await ask(site, '+493012345', '203.0.113.1, 198.51.100.1')], [202, 429]);
  assert.equal(await ask(site, '+493054321', '198.51.100.2'), 202);
  assert.equal(keys[0], keys[1]);
  assert.deepEqual([keys.length, new Set(keys).size], [3, 2]);
});

test('without a proxy all that is written of addresses is nothing', async () => {
  const { site } = await callBack();
  const statuses = [];
  for (let i = 1; i <= 4; i++) {
    statuses.push(await ask(site, '+493012345', `198.51.100.${i}`));
  }
  assert.deepEqual(statuses, [202, 202, 202, 429]);
});

test('a request that is cut in the middle does not end it', async () => {
  const { child, port, site } = await callBack();
  for (let i = 0; i < 2; i++) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnumber=%2B49');
    socket.resume();
    await once(socket, 'close'); // by the example, which has seen that there is no more
  }
  assert.equal(await ask(site, '+493012345'), 202);
  assert.equal(child.exitCode, null);
});

test('a number of proxies that is none is named', async () => {
  await assert.rejects(callBack({ PROXY: 'nginx' }), /PROXY: nginx is no number of proxies/);
});

/** @param receiver whose lines name what it has taken */
async function takesEachOnce({ site, said }) {
  const post = async (event, delivery, secret = SECRET) => {
    const body = JSON.stringify(event);
    const time = Math.floor(Date.now() / 1000);
    const mark = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    const headers = { 'Ringdown-Signature': `t=${time},v1=${mark}`, 'Ringdown-Delivery': delivery, 'Ringdown-Event': 'a.header' };
    return (await fetch(site, { method: 'POST', body, headers })).status;
  };
  const event = { id: 'e1', event: 'call.begun', at: '2026-11-26T10:00:00Z', call: 'c', number: 1 };
  assert.equal(await post(event, 'e1'), 204);
  assert.equal(await post(event, 'another header of a copy'), 204);
  assert.equal(await post({ ...event, id: 'e2', number: 2 }, 'e1'), 204);
  assert.equal(await post({ ...event, id: 'e3', number: 3 }, 'e3', 'another secret of 32 characters...'), 401);
  for (let i = 0; i < 500 && !said().includes('"number":2'); i++) {
    await setTimeout(10); // it says so by another way than it answers
  }
  assert.deepEqual([...said().matchAll(/"number":(\d)/g)].map(([, number]) => number), ['1', '2']);
  assert.match(said(), /call\.begun/);
  assert.doesNotMatch(said(), /a\.header/);
}

test('the receiver in Node takes each event once, by what is signed, and nothing that is not', async () =>
  takesEachOnce(await start('webhook-receiver-node', { SECRET })));

test('the receiver in Java does so too', { skip: java ? false : 'there is no Java 21' }, async () =>
  takesEachOnce(await start('webhook-receiver-java', { SECRET }, java, 'WebhookReceiver.java')));

/**
 * A website's back end that lets its visitors call: it serves the site's pages, and gives each visitor tokens for the site's own numbers.
 * No dependency. It shows what such a back end must do; take it over into yours.
 *
 *     openssl genpkey -algorithm ed25519 -out token.key && openssl pkey -in token.key -pubout -out token.key.pub
 *     NUMBERS=+4930123456 KEY=token.key node server.js        # the gateway gets token.key.pub: tokens.keys
 *
 * NUMBERS: which may be called, with commas. KEY: an Ed25519 key, or SECRET: at least 32 characters, shared with the gateway (HS256).
 * PORT (3000), PAGES: the folder of the pages (../plain), ORIGIN: where the site is seen (http://localhost:PORT). PROXY=1: behind a
 * proxy, whose last entry of X-Forwarded-For is the visitor's address.
 */
import { createHmac, createPrivateKey, randomUUID, sign, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { isIPv6 } from 'node:net';
import { extname, resolve, sep } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

const port = Number(env.PORT ?? 3000);
const origin = env.ORIGIN ?? `http://localhost:${port}`;
const numbers = (env.NUMBERS ?? '').split(',').filter(Boolean);
const pages = resolve(env.PAGES ?? fileURLToPath(new URL('../plain', import.meta.url)));
const sdk = fileURLToPath(new URL('../../dist', import.meta.url));
const key = env.KEY ? createPrivateKey(await readFile(env.KEY)) : undefined;
const secret = env.SECRET ?? '';
if (numbers.length === 0 || (!key && secret.length < 32)) {
  console.error('Set NUMBERS, and KEY or SECRET (at least 32 characters).');
  process.exit(2);
}

const TOKEN_SECONDS = 60; // a call is asked for at once; how long it lasts is another matter
const LONGEST_CALL_SECONDS = 1800;
const TOKENS_PER_MINUTE = 10; // for each address, and for each visitor
const MOST_COUNTED = 10_000;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };

/** A JWT (RFC 7519) that opens one call, and no other number than the one asked for. */
function tokenFor(visitor, to) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: visitor, iat: now, exp: now + TOKEN_SECONDS, jti: randomUUID(),
    ringdown: { to: { numbers: to ? [to] : numbers }, longest: LONGEST_CALL_SECONDS, calls: 1, once: true, origin: [origin] },
  };
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: key ? 'EdDSA' : 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = key ? sign(null, Buffer.from(signed), key) : createHmac('sha256', secret).update(signed).digest();
  return `${signed}.${signature.toString('base64url')}`;
}

/** Who asks. Here: whoever has loaded a page. A site with accounts takes its own session instead, and its user's id as the visitor. */
const seal = key?.export({ type: 'pkcs8', format: 'der' }) ?? secret; // the same after a restart
const sealOf = (visitor) => createHmac('sha256', seal).update(`cookie ${visitor}`).digest('base64url');

function visitorOf(request) {
  const [, visitor, mark] = /(?:^|; )visitor=([\w-]{36})\.([\w-]{43})(?:;|$)/.exec(request.headers.cookie ?? '') ?? [];
  return visitor && timingSafeEqual(Buffer.from(mark), Buffer.from(sealOf(visitor))) ? visitor : undefined;
}

/** How many tokens somebody has had in this minute. */
let counts = new Map();
setInterval(() => { counts = new Map(); }, 60_000).unref();

function tooOften(who) {
  const count = (counts.get(who) ?? 0) + 1;
  if (counts.size < MOST_COUNTED || counts.has(who)) {
    counts.set(who, count);
    return count > TOKENS_PER_MINUTE;
  }
  return true;
}

/** Where they ask from: without PROXY anybody could write that header. Who has an IPv6 address has all of its /64. */
function addressOf(request) {
  const forwarded = env.PROXY === '1' ? (request.headers['x-forwarded-for'] ?? '').split(',').at(-1).trim() : '';
  const address = forwarded || request.socket.remoteAddress;
  if (!isIPv6(address) || address.includes('.')) {
    return address;
  }
  const [before, behind = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array(8 - before.length - behind.length).fill('0');
  return [...before, ...zeros, ...behind].slice(0, 4).map((group) => parseInt(group, 16)).join(':');
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > 1000) {
      return undefined;
    }
  }
  try {
    const body = JSON.parse(text || '{}');
    return body && typeof body === 'object' ? body : undefined;
  } catch {
    return undefined;
  }
}

const answer = (response, status, body, headers = {}) => response.writeHead(status, headers).end(body);
const answerJson = (response, status, body) =>
  answer(response, status, JSON.stringify(body), { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });

async function giveToken(request, response) {
  const body = await bodyOf(request); // first: Node may close a connection whose request was answered before it was read
  if (request.headers.origin !== origin) {
    return answerJson(response, 403, { error: 'another site' }); // CSRF: browsers always name the origin of a POST
  }
  const visitor = visitorOf(request);
  if (!visitor) {
    return answerJson(response, 401, { error: 'no visitor' });
  }
  if (tooOften(addressOf(request)) || tooOften(visitor)) { // in this order: cookies are free, and would fill what is counted
    return answerJson(response, 429, { error: 'too often' });
  }
  if (!body || (body.to !== undefined && !numbers.includes(body.to))) {
    return answerJson(response, 403, { error: 'no such number' });
  }
  return answerJson(response, 200, { token: tokenFor(visitor, body.to) });
}

async function givePage(request, response) {
  const path = decodeURIComponent(new URL(request.url, origin).pathname);
  const folder = /^\/ringdown[\w-]*\.js$/.test(path) ? sdk : pages;
  const file = resolve(folder, `.${path === '/' ? '/index.html' : path}`);
  const type = TYPES[extname(file)];
  if (!type || !file.startsWith(folder + sep)) {
    return answer(response, 404);
  }
  const headers = { 'Content-Type': type };
  if (type === TYPES['.html'] && !visitorOf(request)) {
    const visitor = randomUUID();
    const secure = origin.startsWith('https:') ? '; Secure' : '';
    headers['Set-Cookie'] = `visitor=${visitor}.${sealOf(visitor)}; HttpOnly; SameSite=Lax; Path=/${secure}`;
  }
  return answer(response, 200, await readFile(file), headers);
}

createServer(async (request, response) => {
  try {
    const { method, url } = request;
    if (method === 'POST' && url === '/ringdown-token') {
      await giveToken(request, response);
    } else if (method === 'GET') {
      await givePage(request, response);
    } else {
      answer(response, 405);
    }
  } catch (error) {
    answer(response, error.code === 'ENOENT' ? 404 : error instanceof URIError ? 400 : 500);
  }
}).listen(port, '127.0.0.1', () => console.log(`${origin} is ready`));

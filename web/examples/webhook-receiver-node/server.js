/**
 * Takes a gateway's webhooks: checks who sends them, takes each once, and answers before it works on them. No dependency.
 *
 *     SECRET=the-secret-of-hooks.to.NAME node server.js       # PORT: 4000
 *
 * SECRET may be two, with a comma, while secrets change. A gateway on another machine wants https: put a proxy with a certificate in front.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { env } from 'node:process';

const secrets = (env.SECRET ?? '').split(',').filter((secret) => secret.length >= 32);
if (secrets.length === 0) {
  console.error('Set SECRET: at least 32 characters, as in hooks.to.NAME.secret.');
  process.exit(2);
}

const LARGEST = 256 * 1024;
const OLDEST_SECONDS = 300; // what is sent again is signed anew, so an old signature is somebody else's copy
const REMEMBERED = 10_000;

/** Whether one of our secrets has signed this body, lately: v1 is the HMAC-SHA256 of the time, a full stop and the body. */
function isSigned(header, body) {
  const parts = String(header ?? '').split(',').map((part) => part.split('='));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(time) || Math.abs(Date.now() / 1000 - Number(time)) > OLDEST_SECONDS) return false;
  const given = parts.filter(([name]) => name === 'v1').map(([, value]) => Buffer.from(value ?? '', 'hex'));
  return secrets.some((secret) => {
    const ours = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
    return given.some((each) => each.length === ours.length && timingSafeEqual(each, ours));
  });
}

/**
 * An event may come twice: its answer was lost, or the gateway was started anew. Its id is that of the body, which is signed; anybody can
 * change a header of a copy. A database's unique key does this better.
 */
const taken = new Set();

function isNew(id) {
  if (taken.has(id)) return false;
  taken.add(id);
  if (taken.size > REMEMBERED) taken.delete(taken.values().next().value);
  return true;
}

/** Here yours begins. What takes long belongs into a queue: the gateway waits five seconds for an answer. */
function onEvent(event) {
  console.log(JSON.stringify({ call: event.call, number: event.number, event: event.event, user: event.user }));
}

createServer((request, response) => {
  const answer = (status) => response.writeHead(status).end();
  if (request.method !== 'POST') return answer(405);
  const parts = [];
  let size = 0;
  request.on('data', (part) => {
    size += part.length;
    if (size > LARGEST) request.destroy();
    else parts.push(part);
  });
  request.on('end', () => {
    const body = Buffer.concat(parts);
    if (!isSigned(request.headers['ringdown-signature'], body)) return answer(401);
    const event = JSON.parse(body);
    if (isNew(event.id)) onEvent(event);
    answer(204);
  });
}).listen(Number(env.PORT ?? 4000), '127.0.0.1', () => console.log('ready'));

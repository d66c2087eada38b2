/**
 * "Call me back": a visitor leaves a number, an agent is rung, and the visitor is called when the agent has taken it. No dependency.
 *
 *     GATEWAY=http://127.0.0.1:8080 KEY=the-api.key AGENT=alice node server.js       # PORT: 3001
 *
 * NUMBERS: beginnings of numbers that are called back, with commas (+49). The gateway's own rules bound it besides. PROXY: how many
 * proxies of yours stand before it (0); without them all visitors would be counted as one, or could say that they are others.
 */
import { createServer } from 'node:http';
import { env } from 'node:process';
import { Tries, Wishes, addressOf } from './visitors.js';

const { GATEWAY = 'http://127.0.0.1:8080', KEY = '', AGENT = '' } = env;
const beginnings = (env.NUMBERS ?? '+49').split(',');
if (!KEY || !AGENT) {
  console.error('Set KEY (api.key of the gateway) and AGENT (a user of it).');
  process.exit(2);
}

const proxies = Number(env.PROXY ?? 0);
if (!Number.isInteger(proxies) || proxies < 0) {
  console.error(`PROXY: ${env.PROXY} is no number of proxies; write 1, or leave it out where none stands before this.`);
  process.exit(2);
}

const tries = new Tries(3); // an hour, for each address
const wishes = new Wishes();

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>We call you back</title>
<form method="post"><label>Your number <input name="number" type="tel" required autocomplete="tel" placeholder="+49…"></label>
<button>Call me</button></form></html>`;

async function callBack(number) {
  const wish = wishes.keyOf(number, Date.now()); // the gateway begins one call for one Idempotency-Key
  const answer = await fetch(`${GATEWAY}/api/v1/calls`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', 'Idempotency-Key': wish },
    body: JSON.stringify({ agent: AGENT, to: number }),
  });
  if (answer.status === 202) return [202, 'We are calling you in a moment.'];
  const { code } = await answer.json();
  return code === 'agent-unavailable' || code === 'agent-busy' ? [503, 'Nobody is there just now; please try later.'] : [400, 'We cannot call this number.'];
}

createServer(async (request, response) => {
  const answer = (status, text, type = 'text/plain; charset=utf-8') => response.writeHead(status, { 'Content-Type': type }).end(text);
  if (request.method === 'GET') return answer(200, PAGE, 'text/html; charset=utf-8');
  if (request.method !== 'POST') return answer(405, '');
  let body = ''; // read before anything is refused: Node may close a connection whose request was answered unread
  try {
    for await (const part of request) if ((body += part).length > 1_000) return answer(413, '');
  } catch {
    return response.destroy(); // a visitor who goes away in the middle of it
  }
  const address = addressOf(request.socket.remoteAddress, request.headers['x-forwarded-for'], proxies);
  if (tries.tooOften(address, Date.now())) return answer(429, 'You have asked often enough; please try later.');
  const number = (new URLSearchParams(body).get('number') ?? '').replace(/[\s()/-]/g, '');
  if (!/^\+\d{7,15}$/.test(number) || !beginnings.some((each) => number.startsWith(each))) {
    return answer(400, 'Write your number with + and the country code in front.');
  }
  try {
    return answer(...(await callBack(number)));
  } catch {
    return answer(502, 'Something is broken on our side; please try later.');
  }
}).listen(Number(env.PORT ?? 3001), '127.0.0.1', () => console.log('ready'));

// Makes tokens with node's own crypto, good ones and forged ones: node mint.mjs FOLDER good CLAIMS | node mint.mjs FOLDER forged
// FOLDER has the keys that openssl made: ed.pem, other.pem, ec.pem, rsa.pem (private), and their public halves beside (.pub).
import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [folder, mode, claims] = process.argv.slice(2);
const pem = (name) => readFileSync(`${folder}/${name}.pem`);
const key = (name) => createPrivateKey(pem(name));
const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const secret = readFileSync(`${folder}/secret`, 'utf8').trim();

const signed = (header, payload, name, hash = null) => {
  const input = `${part(header)}.${part(payload)}`;
  const signature = sign(hash, Buffer.from(input), { key: key(name), dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};
const mac = (header, payload, bytes, hash = 'sha256') => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac(hash, bytes).update(input).digest('base64url')}`;
};
const ed = (payload, header = {}) => signed({ alg: 'EdDSA', kid: 'ed', ...header }, payload, 'ed');

const good = { sub: 'visitor', aud: 'ringdown-test', exp: now + 300 };

if (mode === 'good') {
  const [name, more] = claims.includes(' ') ? [claims.slice(0, claims.indexOf(' ')), claims.slice(claims.indexOf(' '))] : [claims, '{}'];
  const payload = { ...good, ...JSON.parse(more) };
  const made = {
    ed: () => ed(payload),
    other: () => signed({ alg: 'EdDSA', kid: 'other' }, payload, 'other'),
    ec: () => signed({ alg: 'ES256' }, payload, 'ec', 'sha256'),
    rsa: () => signed({ alg: 'RS256' }, payload, 'rsa', 'sha256'),
    hs: () => mac({ alg: 'HS256' }, payload, secret),
  };
  console.log(made[name]());
} else {
  const whole = ed(good);
  const [head, body, tail] = whole.split('.');
  const publicPem = (name) => createPublicKey(pem(name)).export({ type: 'spki', format: 'pem' });
  const jwk = createPublicKey(pem('other')).export({ format: 'jwk' });
  const without = (name) => Object.fromEntries(Object.entries(good).filter(([claim]) => claim !== name));
  const forged = {
    'alg none': `${part({ alg: 'none' })}.${body}.`,
    'alg None': `${part({ alg: 'None' })}.${body}.`,
    'alg none with a signature': `${part({ alg: 'none' })}.${body}.${tail}`,
    'no alg': `${part({ typ: 'JWT' })}.${body}.${tail}`,
    'no signature': `${head}.${body}.`,
    'two parts': `${head}.${body}`,
    'five parts': `${head}.${body}.${tail}.AA.AA`,
    'signature of another token': `${head}.${part({ ...good, sub: 'admin' })}.${tail}`,
    'signature cut': whole.slice(0, -4),
    'HS256 by the public key of EdDSA': mac({ alg: 'HS256', kid: 'ed' }, good, publicPem('ed')),
    'HS256 by the public key of RS256': mac({ alg: 'HS256' }, good, publicPem('rsa')),
    'HS256 by the public key without its last end of line': mac({ alg: 'HS256' }, good, publicPem('rsa').trim()),
    'HS256 by an empty secret': mac({ alg: 'HS256' }, good, ''),
    'HS384 by the right secret': mac({ alg: 'HS384' }, good, secret, 'sha384'),
    'RS512 by the right key': signed({ alg: 'RS512' }, good, 'rsa', 'sha512'),
    'PS256 said of an RS256 signature': signed({ alg: 'PS256' }, good, 'rsa', 'sha256'),
    'ES256 said of an EdDSA signature': signed({ alg: 'ES256' }, good, 'ed'),
    'another key': signed({ alg: 'EdDSA', kid: 'ed' }, good, 'other'),
    'another key that brings itself': signed({ alg: 'EdDSA', jwk }, good, 'other'),
    'another key by its URL': signed({ alg: 'EdDSA', jku: 'http://127.0.0.1:9/jwks' }, good, 'other'),
    'the right key with a URL': ed(good, { jku: 'http://127.0.0.1:9/jwks' }),
    'the right key with a certificate': ed(good, { x5u: 'http://127.0.0.1:9/x5u' }),
    'kid as a path': signed({ alg: 'EdDSA', kid: '../../../../../dev/null' }, good, 'other'),
    'kid as a path, HS256 by nothing': mac({ alg: 'HS256', kid: '/dev/null' }, good, ''),
    'kid as SQL': signed({ alg: 'EdDSA', kid: "x' UNION SELECT 'k" }, good, 'other'),
    'kid of another algorithm': ed(good, { kid: 'rsa' }),
    crit: ed(good, { crit: ['exp'], exp: now }),
    'b64 false': ed(good, { b64: false, crit: ['b64'] }),
    'another type': ed(good, { typ: 'dpop+jwt' }),
    nested: ed(whole, { cty: 'JWT' }),
    expired: ed({ ...good, exp: now - 60 }),
    'not yet': ed({ ...good, nbf: now + 120 }),
    'from the future': ed({ ...good, iat: now + 120 }),
    'lives too long': ed({ ...good, exp: now + 200_000 }),
    'no exp': ed(without('exp')),
    'exp as text': ed({ ...good, exp: `${now + 300}` }),
    'another audience': ed({ ...good, aud: 'another' }),
    'no audience': ed(without('aud')),
    'no subject': ed(without('sub')),
    'a restriction that nobody knows': ed({ ...good, ringdown: { weekdays: ['mon'] } }),
    'once without a jti': ed({ ...good, ringdown: { once: true } }),
    'a user who is none': ed({ ...good, ringdown: { user: 'root' } }),
    'another origin': ed({ ...good, ringdown: { origin: ['https://another.example'] } }),
    'no JSON': ed('visitor'),
    'no token at all': 'visitor',
  };
  console.log(JSON.stringify(forged));
}

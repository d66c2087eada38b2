import assert from 'node:assert/strict';
import test from 'node:test';
import { Walk, parseScript, patience, silenceToListenFor } from '../sdk/navigation.js';
import { forSeeds } from './random.js';

const code = (expected) => (error) => error.code === expected;

// -- scripts --

test('a script is keys, waits in braces, and spaces as one likes', () => {
  assert.deepEqual(parseScript(' {answer}{prompt} 1,a {PAUSE 500}4 7 1 1#{ silence  1500 }{silence}{sound}\n{beep} '), [
    { kind: 'answer' }, { kind: 'prompt', millis: 0 }, { kind: 'digits', digits: '1,A' }, { kind: 'pause', millis: 500 },
    { kind: 'digits', digits: '4711#' }, { kind: 'silence', millis: 1500 }, { kind: 'silence', millis: 0 },
    { kind: 'sound' }, { kind: 'beep' },
  ]);
});

test('what is wrong in a script is named by its place and what would be right', () => {
  for (const [script, message] of [
    ['', /^Character 1: a script has at least one step/],
    ['  ', /^Character 1: a script has at least one step/],
    ['12x', /^Character 3: here belongs a key/],
    ['12}', /^Character 3: here belongs a key/],
    ['12{prompt', /^Character 3: this brace is never closed/],
    ['12{', /^Character 3: this brace is never closed/],
    ['{promt}', /^Character 1: this is no wait; write \{answer\}/],
    ['{}', /^Character 1: this is no wait/],
    ['{constructor}', /^Character 1: this is no wait/],
    ['{digit}', /^Character 1: this is no wait/],
    ['{silence abc}', /^Character 1: this is no wait/],
    ['{silence 199}', /^Character 1: \{silence\} takes milliseconds, 200 to 10000/],
    ['{silence 10001}', /^Character 1: \{silence\} takes milliseconds/],
    ['1{pause}', /^Character 2: \{pause\} takes milliseconds, 1 to 600000/],
    ['{pause 0}', /^Character 1: \{pause\} takes milliseconds/],
    ['{answer 5}', /^Character 1: \{answer\} takes no number/],
    ['1'.repeat(65), /^Character 65: up to 64 keys/],
    ['1{beep}'.repeat(101), /^Character \d+: a script has up to 200 steps/],
    [' '.repeat(2001), /^Character 2001: a script has up to 2000 characters/],
  ]) {
    assert.throws(() => parseScript(script), (error) => error.code === 'bad-script' && message.test(error.message), script);
  }
});

const NAMES = ['answer', 'sound', 'silence', 'prompt', 'beep', 'pause'];

function randomStep(chance) {
  const kind = chance.of(['digits', ...NAMES]);
  switch (kind) {
    case 'digits':
      return { kind, digits: Array.from({ length: chance.between(1, 6) }, () => chance.of([...'0123456789ABCD*#,'])).join('') };
    case 'pause':
      return { kind, millis: chance.between(1, 3000) };
    case 'silence':
      return { kind, millis: chance.percent(50) ? 0 : chance.between(200, 10_000) };
    case 'prompt':
      return { kind, millis: 0 };
    default:
      return { kind };
  }
}

const written = (step) => (step.kind === 'digits' ? step.digits : `{${step.kind}${step.millis ? ` ${step.millis}` : ''}}`);

test('what is written is read again', () => forSeeds(500, (chance) => {
  const steps = Array.from({ length: chance.between(1, 12) }, () => randomStep(chance))
    .filter((step, i, all) => step.kind !== 'digits' || all[i - 1]?.kind !== 'digits'); // keys in a row are one step
  const script = steps.map((step) => (chance.percent(50) ? ` ${written(step)}` : written(step))).join('');
  assert.deepEqual(parseScript(script), steps);
}));

test('a damaged script is read or refused at a place within it, and no key of it is repeated', () => forSeeds(2000, (chance) => {
  const secret = '90210447';
  let script = `{prompt}${secret}{pause ${secret}}{${secret}}`.slice(0, chance.between(0, 60));
  for (let i = chance.between(1, 3); i > 0; i--) {
    const at = chance.below(script.length + 1);
    script = script.slice(0, at) + chance.of([...'{}x, é\u0000', '{pause', 'silence}', '']) + script.slice(at + chance.below(2));
  }
  try {
    assert.ok(parseScript(script).length > 0);
  } catch (error) {
    assert.equal(error.code, 'bad-script', error.stack);
    const place = Number(/^Character (\d+): /.exec(error.message)[1]);
    assert.ok(place >= 1 && place <= Math.max(1, script.length), error.message);
    assert.doesNotMatch(error.message, /9021|0210|2104|1044|0447/);
  }
}));

test('patience has limits', () => {
  assert.deepEqual(patience({}), { timeoutMillis: 30_000, silenceMillis: 700 });
  for (const wrong of [{ timeout: 0 }, { timeout: NaN }, { silence: 199 }, { silence: 10_001 }, { silence: NaN }]) {
    assert.throws(() => patience(wrong), code('bad-script'));
  }
});

test('the gateway is to listen for the shortest silence that matters, and only when something on the line does', () => {
  const asked = (script) => silenceToListenFor(parseScript(script), patience({}));
  assert.equal(asked('{answer}12{pause 500}'), null);
  assert.equal(asked('{sound}'), 700);
  assert.equal(asked('{silence 1500}'), 1500);
  assert.equal(asked('{silence 1500}{prompt}'), 700);
  assert.equal(asked('{silence 300}{prompt}'), 300);
});

// -- the machine --

/** A walk, and everything it has asked for. */
function walking(script, options = {}, answered = true) {
  const asked = [];
  const walk = new Walk(parseScript(script), patience(options), {
    step: ({ index, kind }, state) => asked.push(`${index} ${kind} ${state}`),
    listen: () => asked.push('listen'),
    press: (digits) => asked.push(`press ${digits}`),
    finished: (records) => asked.push(records),
    timedOut: () => asked.push('timed out'),
  });
  walk.begin(answered, 0);
  return { walk, asked };
}

test('a menu is walked: an announcement, a key, and a beep', () => {
  const { walk, asked } = walking('{prompt}1{beep}');
  assert.deepEqual(asked.splice(0), ['0 prompt started', 'listen']);
  walk.onListening(0);
  walk.onHeard('sound', 0, 1000);
  walk.onHeard('silence', 2000, 3700);
  assert.deepEqual(asked.splice(0), ['0 prompt done', '1 digits started', 'press 1']);
  assert.equal(walk.nextWakeup, Infinity);
  walk.onPressed(3870);
  walk.onHeard('sound', 0, 4000);
  assert.deepEqual(asked.splice(0), ['1 digits done', '2 beep started']);
  walk.onHeard('beep', 300, 4300);
  assert.deepEqual(asked, ['2 beep done', [
    { kind: 'prompt', millis: 3700 }, { kind: 'digits', millis: 170 }, { kind: 'beep', millis: 430 },
  ]]);
});

test('an announcement that is being spoken already counts, even if only its end is told', () => {
  const { walk, asked } = walking('{prompt}');
  walk.onListening(0);
  walk.onHeard('silence', 5000, 1200);
  assert.equal(asked.at(-1).length, 1);
});

test('a silence after a sound that was over before does not end a prompt', () => {
  const { walk, asked } = walking('{pause 1000}{prompt}');
  walk.onListening(0);
  walk.wake(1000);
  walk.onHeard('silence', 5000, 1200);
  assert.equal(asked.at(-1), '1 prompt started');
});

test('a line on which nothing is heard is silent, once the gateway has had time to say otherwise', () => {
  const { walk, asked } = walking('{silence}');
  walk.onListening(0);
  assert.equal(walk.nextWakeup, 1200);
  walk.wake(1199);
  assert.equal(asked.at(-1), 'listen');
  walk.wake(1200);
  assert.equal(asked.at(-1).length, 1);
});

test('a timer that comes late does not turn what has happened into a timeout', () => {
  const { walk, asked } = walking('{answer}', { timeout: 1000 }, false);
  walk.onAnswered(5000);
  assert.deepEqual(asked.at(-1), [{ kind: 'answer', millis: 5000 }]);
});

test('after a timeout, and after stop(), nothing is asked for any more', () => {
  for (const end of [(walk) => walk.wake(30_000), (walk) => walk.stop()]) {
    const { walk, asked } = walking('{sound}1');
    walk.onListening(0);
    end(walk);
    const before = asked.length;
    walk.onHeard('sound', 0, 30_001);
    walk.onPressed(30_002);
    walk.onAnswered(30_003);
    walk.wake(90_000);
    assert.equal(walk.nextWakeup, Infinity);
    assert.equal(asked.length, before);
  }
});

const LATENCY = 30; // the gateway tells a sound so long after it began
const FIRST_WORD = 500; // so long the machine does not trust a silence at first
const KEY_MILLIS = 170;

/** Bursts of sound, from when the gateway tells them; what is closer together than `asked` is one. */
function burstsOn(chance, asked) {
  const bursts = [];
  let at = chance.between(-3000, 3000);
  for (let i = chance.between(0, 12); i > 0; i--) {
    const end = at + chance.between(50, 3000);
    bursts.push({ begin: at, end });
    const gap = chance.percent(40) ? chance.between(50, asked - 50) : chance.between(asked + 50, asked + 5000);
    at = end + gap;
  }
  return bursts;
}

function joined(bursts, listeningAt, asked) {
  const told = [];
  for (const { begin, end } of bursts) {
    const last = told.at(-1);
    if (last && begin - last.end < asked) {
      last.end = end;
    } else if (end > listeningAt + LATENCY) {
      told.push({ on: Math.max(begin, listeningAt) + LATENCY, end });
    }
  }
  return told;
}

/** When a wait that begins at `b` is over, by its definition; Infinity: never. */
function overAt(step, b, { told, listeningAt, asked, answeredAt, beeps, silenceMillis }) {
  const firstAfter = (times) => times.find((time) => time > b) ?? Infinity;
  const millis = step.millis || silenceMillis;
  /** Silences: since when, and until the next sound is told. */
  const silences = [{ end: listeningAt + FIRST_WORD }, ...told]
    .map(({ end }, i) => ({ since: end, until: told[i]?.on ?? Infinity }));
  switch (step.kind) {
    case 'digits':
      return b + step.digits.length * KEY_MILLIS;
    case 'pause':
      return b + step.millis;
    case 'answer':
      return Math.max(b, answeredAt);
    case 'sound':
      return firstAfter(told.map(({ on }) => on));
    case 'beep':
      return firstAfter(beeps);
    case 'silence': {
      const times = silences.map(({ since, until }) => ({ at: Math.max(b, since + millis), until }));
      return times.find(({ at, until }) => at < until)?.at ?? Infinity;
    }
    case 'prompt': {
      const spoken = told.findIndex(({ on, end }) => on > b || b < end + asked);
      const after = spoken < 0 ? [] : silences.slice(spoken + 1);
      return after.map(({ since, until }) => ({ at: since + millis, until })).find(({ at, until }) => at < until)?.at ?? Infinity;
    }
  }
}

test('on any line, each wait is over when its definition says', () => forSeeds(3000, (chance) => {
  const steps = Array.from({ length: chance.between(1, 7) }, () => {
    const step = randomStep(chance);
    return step.kind === 'silence' && step.millis ? { ...step, millis: chance.of([300, 1000, 2000]) } : step;
  });
  const options = { timeout: chance.of([2000, 8000, 30_000]), silence: chance.of([300, 700, 1000]) };
  const limits = patience(options);
  const asked = silenceToListenFor(steps, limits) ?? 700;
  const bursts = burstsOn(chance, asked);
  const answeredAt = chance.percent(50) ? 0 : chance.between(1, 9000);
  const beeps = [];
  let listeningAt = Infinity;
  let result = null;
  let pressedAt = Infinity;
  let now = 0;
  let told = [];
  /** What the line will tell, by time. */
  const coming = answeredAt > 0 ? [{ at: answeredAt, tell: () => walk.onAnswered(now) }] : [];
  const comes = (at, tell) => {
    coming.push({ at, tell });
    coming.sort((a, b) => a.at - b.at);
  };
  for (let i = chance.between(0, 3); i > 0; i--) {
    beeps.push(chance.between(1, 20_000));
  }
  beeps.sort((a, b) => a - b);
  const begun = [];
  const walk = new Walk(steps, limits, {
    step: ({ index }, state) => state === 'started' && (begun[index] = now),
    listen: () => {
      listeningAt = now;
      told = joined(bursts, listeningAt, asked);
      walk.onListening(now);
      for (const { on, end } of told) {
        comes(on, () => walk.onHeard('sound', 0, now));
        comes(end + asked, () => walk.onHeard('silence', end - on + LATENCY, now));
      }
      for (const at of beeps) {
        if (at > listeningAt) {
          comes(at, () => walk.onHeard('beep', 300, now));
        }
      }
    },
    press: (digits) => { pressedAt = now + digits.length * KEY_MILLIS; },
    finished: (records) => { result = records; },
    timedOut: () => { result = 'timed out'; },
  });
  walk.begin(answeredAt === 0, 0);
  for (let turns = 0; result === null; turns++) {
    assert.ok(turns < 1000, 'it comes to an end');
    const next = Math.min(coming[0]?.at ?? Infinity, pressedAt, walk.nextWakeup);
    assert.ok(next < Infinity && next >= now, `something follows ${now}`);
    now = next;
    if (coming[0]?.at === now) {
      coming.shift().tell();
    } else if (pressedAt === now) {
      pressedAt = Infinity;
      walk.onPressed(now);
    } else {
      walk.wake(now);
    }
  }
  // The same by definition.
  let at = 0;
  for (const [index, step] of steps.entries()) {
    assert.equal(begun[index], at, `step ${index} of ${steps.map(written).join(' ')} begins`);
    const over = overAt(step, at, { told, listeningAt, asked, answeredAt, beeps, silenceMillis: limits.silenceMillis });
    if (step.kind !== 'digits' && step.kind !== 'pause' && over > at + limits.timeoutMillis) {
      assert.equal(result, 'timed out');
      assert.equal(now, at + limits.timeoutMillis);
      assert.deepEqual(walk.step, { index, kind: step.kind });
      return;
    }
    assert.deepEqual(Array.isArray(result) ? result[index] : walk.step.index > index, Array.isArray(result)
      ? { kind: step.kind, millis: over - at } : true);
    at = over;
  }
  assert.equal(result.length, steps.length);
}));

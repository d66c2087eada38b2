import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ADVICE } from '../sdk/advice.js';
import { Warnings } from '../sdk/warnings.js';
import { forSeeds } from './random.js';

const STEP = 500;
const FINE = { verdict: { code: 'fine', text: 'Both hear each other.', fault: false, deaf: 'nobody' }, browser: { mos: 4.2 }, telephone: { mos: 4.2 } };
const DEAF = { ...FINE, verdict: { code: 'browser-sends-silence', text: 'The microphone is silent.', fault: true, deaf: 'telephone' } };
const bad = (leg) => ({ ...FINE, [leg]: { mos: 2.4 } });

/** A call in virtual time, looked at every half second. */
class Talk {
  warnings = new Warnings();
  now = 0;
  /** @type {string[]} */
  told = [];
  signs = {
    muted: false, held: false, level: 0.05, live: true, wanted: true, path: 'udp', codec: 'audio/opus', roundTripMillis: 40, packetsReceived: 0, packetsLost: 0,
  };

  /** @param lossPercent of what comes, in whole per cent */
  run(millis, change = {}, lossPercent = 0) {
    Object.assign(this.signs, change);
    for (const end = this.now + millis; this.now < end; this.now += STEP) {
      this.signs.packetsReceived += 25 - lossPercent / 4;
      this.signs.packetsLost += lossPercent / 4;
      for (const { code, on } of this.warnings.look({ ...this.signs }, this.now)) {
        this.told.push(`${on ? '+' : '-'}${code}`);
      }
    }
    return this;
  }

  /** The gateway measures. */
  hears(quality) {
    this.warnings.onQuality(quality);
    return this;
  }

  /** What was told since this was last asked. */
  news() {
    return this.told.splice(0);
  }
}

test('of a call that goes well nothing is told', () => {
  assert.deepEqual(new Talk().hears(FINE).run(60_000).news(), []);
});

test('a bad leg is told by its side, and taken back once it has been good for a while', () => {
  for (const [leg, code] of [['browser', 'bad-sound-here'], ['telephone', 'bad-sound-there']]) {
    const talk = new Talk().hears(FINE).run(5000).hears(bad(leg)).run(5000);
    assert.deepEqual(talk.news(), [`+${code}`]);
    assert.deepEqual(talk.warnings.codes, [code]);
    assert.deepEqual(talk.hears(FINE).run(5000).news(), [], 'one good report is luck');
    assert.deepEqual(talk.hears(FINE).run(5000).news(), [`-${code}`]);
    assert.deepEqual(talk.warnings.codes, []);
  }
});

test('what this page loses of what comes is its own connection, which the gateway does not see', () => {
  const talk = new Talk().hears(FINE).run(10_000).run(12_000, {}, 20);
  assert.deepEqual(talk.news(), ['+bad-sound-here']);
  assert.deepEqual(talk.run(15_000).news(), ['-bad-sound-here']);
});

test('a call that stays between good and bad keeps what was told', () => {
  const talk = new Talk().hears(bad('browser')).run(5000);
  assert.deepEqual(talk.news(), ['+bad-sound-here']);
  assert.deepEqual(talk.hears({ ...FINE, browser: { mos: 3.3 } }).run(60_000).news(), []);
});

test('who is not heard is told as soon as the gateway knows, in its words', () => {
  const talk = new Talk().hears(DEAF).run(1000);
  assert.deepEqual(talk.news(), ['+one-way-audio']);
  assert.equal(talk.warnings.verdict, 'The microphone is silent.');
  assert.deepEqual(talk.hears(FINE).run(2000).news(), ['-one-way-audio']);
});

test('who speaks while muted is told so; a cough is not speech; unmuting ends it at once', () => {
  const talk = new Talk().run(5000, { muted: true, level: 0.001 });
  talk.run(500, { level: 0.2 }).run(5000, { level: 0.001 });
  assert.deepEqual(talk.news(), [], 'a cough');
  for (let word = 0; word < 3; word++) {
    talk.run(500, { level: 0.1 }).run(500, { level: 0.004 });
  }
  assert.deepEqual(talk.news(), ['+muted-but-speaking']);
  assert.deepEqual(talk.run(500, { muted: false }).news(), ['-muted-but-speaking']);
  assert.deepEqual(talk.run(20_000, { level: 0.1 }).news(), []);
});

test('who goes on being silent while muted is left alone after some seconds', () => {
  const talk = new Talk().run(3000, { muted: true, level: 0.1 });
  assert.deepEqual(talk.news(), ['+muted-but-speaking']);
  assert.deepEqual(talk.run(10_000, { level: 0.001 }).news(), ['-muted-but-speaking']);
});

test('a microphone that gives nothing at all is silent; a quiet room is not', () => {
  assert.deepEqual(new Talk().run(30_000, { level: 0.0005 }).news(), []);
  const talk = new Talk().run(4500, { level: 0 });
  assert.deepEqual(talk.news(), []);
  assert.deepEqual(talk.run(2000).news(), ['+microphone-silent']);
  assert.deepEqual(talk.run(500, { level: 0.01 }).news(), ['-microphone-silent']);
  assert.deepEqual(talk.run(20_000, { level: 0, muted: true }).news(), [], 'muted');
  assert.deepEqual(talk.run(20_000, { muted: false, held: true }).news(), [], 'held');
  assert.deepEqual(talk.run(20_000, { held: false, level: null }).news(), [], 'not known');
});

test('a microphone that is gone is told at once, until there is another', () => {
  const talk = new Talk().run(1000).run(1000, { live: false, level: 0 });
  assert.deepEqual(talk.news(), ['+microphone-lost']);
  assert.deepEqual(talk.run(30_000).news(), [], 'and not as silent, too');
  assert.deepEqual(talk.run(500, { live: true, level: 0.05 }).news(), ['-microphone-lost']);
});

test('another path is news for a while', () => {
  const talk = new Talk().run(5000).run(500, { path: 'relay-tls' });
  assert.deepEqual(talk.news(), ['+path-changed']);
  assert.deepEqual(talk.run(12_000, { path: '' }).run(1000, { path: 'relay-tls' }).news(), ['-path-changed'], 'a gap is no other path');
});

test('whatever happens, each warning comes and goes in turn, and none flickers', async () => {
  await forSeeds(200, (chance) => {
    const talk = new Talk();
    const last = {};
    for (let looks = 0; looks < 600; looks++) {
      if (chance.percent(10)) {
        talk.hears(chance.of([FINE, FINE, DEAF, bad('browser'), bad('telephone')]));
      }
      const level = chance.of([0, 0.001, 0.1, null]);
      talk.run(STEP, { muted: chance.percent(50), held: chance.percent(10), live: chance.percent(99), level }, chance.of([0, 0, 40]));
      for (const told of talk.news()) {
        const code = told.slice(1);
        assert.notEqual(told[0], last[code]?.sign ?? '-', `look ${looks}: ${told}`);
        if (told.startsWith('-bad-sound')) {
          assert.ok(talk.now - last[code].at >= 6000, `look ${looks}: ${told} after ${talk.now - last[code].at} ms`);
        }
        last[code] = { sign: told[0], at: talk.now };
      }
    }
  });
});

test('docs/sdk.md lists every advice with its text and hint', () => {
  const lines = readFileSync(new URL('../../docs/sdk.md', import.meta.url), 'utf8').split('\n');
  for (const [code, [text, hint]] of Object.entries(ADVICE)) {
    assert.ok(lines.some((line) => line.startsWith(`| \`${code}\` | ${text} | ${hint} |`)), `missing or different in docs/sdk.md: ${code}`);
  }
});

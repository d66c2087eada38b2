import assert from 'node:assert/strict';
import test from 'node:test';
import { countryOf } from '../sdk/index.js';
import { COUNTRY_TONES, DEFAULT_TONES, parseTone, synthesize, toneFor, tonesOf } from '../sdk/tones.js';

const RATE = 16_000;

/** Power of one frequency in the samples, by Goertzel; 1 for a full sine. */
function power(samples, hertz) {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [one, two] = [0, 0];
  for (const sample of samples) {
    [one, two] = [sample + turn * one - two, one];
  }
  return (Math.sqrt(Math.max(0, one * one + two * two - turn * one * two)) * 2) / samples.length;
}

const loud = (samples) => Math.max(...samples.map(Math.abs)) > 0.05;

test('at least forty countries have tones, those of the brief among them', () => {
  const codes = Object.keys(COUNTRY_TONES);
  assert.ok(codes.length >= 40, `${codes.length}`);
  for (const code of ['1', '44', '49', '33', '34', '39', '31', '46', '41', '43', '61', '81', '86', '91', '55', '52', '7']) {
    assert.ok(codes.includes(code), code);
  }
});

test('every tone of the table is one that a telephone can carry', () => {
  for (const [code, country] of Object.entries({ ...COUNTRY_TONES, default: DEFAULT_TONES })) {
    for (const kind of ['ringing', 'busy', 'congestion']) {
      const segments = parseTone(country[kind]);
      const heard = segments.filter((segment) => segment.frequenciesHertz.length > 0);
      assert.ok(heard.length > 0, `${code} ${kind} is silent`);
      for (const { frequenciesHertz, modulationHertz, seconds } of segments) {
        assert.ok(seconds > 0 && seconds <= 6, `${code} ${kind}: ${seconds} s`);
        assert.ok(modulationHertz >= 0 && modulationHertz <= 60, `${code} ${kind}`);
        assert.ok(frequenciesHertz.every((hertz) => hertz >= 300 && hertz <= 3400), `${code} ${kind}`);
      }
      const period = segments.reduce((sum, segment) => sum + segment.seconds, 0);
      assert.ok(period <= 12, `${code} ${kind}: ${period} s`);
    }
    const ringing = parseTone(country.ringing).reduce((sum, { seconds }) => sum + seconds, 0);
    const busy = parseTone(country.busy).reduce((sum, { seconds }) => sum + seconds, 0);
    assert.ok(busy <= ringing, `${code}: busy is slower than ringing`);
  }
});

test('the longest prefix decides', () => {
  assert.equal(countryOf('+12025550100'), 'North America');
  assert.equal(countryOf('+353861234567'), 'Ireland');
  assert.equal(countryOf('+351211234567'), 'Portugal');
  assert.equal(countryOf('+74951234567'), 'Russia and Kazakhstan');
});

test('a country without an entry, and what is no number, gets the tones E.180 recommends', () => {
  for (const number of ['+999123456', '+290 1234', '', '100', '493012345', '+']) {
    assert.equal(tonesOf(number), DEFAULT_TONES, number);
  }
});

test('a double ring is read as it is written', () => {
  assert.deepEqual(parseTone(toneFor('+442079460000', 'ringing')), [
    { frequenciesHertz: [400, 450], modulationHertz: 0, seconds: 0.4 },
    { frequenciesHertz: [], modulationHertz: 0, seconds: 0.2 },
    { frequenciesHertz: [400, 450], modulationHertz: 0, seconds: 0.4 },
    { frequenciesHertz: [], modulationHertz: 0, seconds: 2 },
  ]);
});

test('the American ringback is 440 and 480 Hz for two seconds, then four of silence', () => {
  const samples = synthesize(toneFor('+12025550100', 'ringing'), RATE);
  assert.equal(samples.length, 6 * RATE);
  const on = samples.subarray(0, 2 * RATE);
  assert.ok(power(on, 440) > 0.45 && power(on, 480) > 0.45);
  assert.ok(power(on, 425) < 0.02 && power(on, 460) < 0.02);
  assert.ok(!loud(samples.subarray(2 * RATE)));
});

test('the Indian ringback is modulated, so that it has side bands', () => {
  const on = synthesize(toneFor('+912212345678', 'ringing'), RATE).subarray(0, 0.4 * RATE);
  assert.ok(power(on, 400) > 0.45);
  assert.ok(power(on, 375) > 0.2 && power(on, 425) > 0.2);
});

test('no tone clips, and none starts or ends with a click', () => {
  for (const [code, country] of Object.entries(COUNTRY_TONES)) {
    for (const kind of ['ringing', 'busy', 'congestion']) {
      const samples = synthesize(country[kind], RATE);
      let steepest = 0;
      for (let i = 1; i < samples.length; i++) {
        steepest = Math.max(steepest, Math.abs(samples[i] - samples[i - 1]));
      }
      assert.ok(samples.every((sample) => Math.abs(sample) <= 1), code);
      assert.ok(steepest < 0.25, `${code} ${kind} jumps by ${steepest}`);
      assert.ok(Math.abs(samples[0]) < 0.01 && Math.abs(samples.at(-1)) < 0.01, code);
    }
  }
});

test('parts after a comma have frequencies of their own', () => {
  const segments = parseTone('950 .33-.03, 1400 .33-.03, 1800 .33-1');
  assert.deepEqual(segments.map(({ frequenciesHertz }) => frequenciesHertz[0] ?? 0), [950, 0, 1400, 0, 1800, 0]);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { PathWatch, sampleOf } from '../sdk/path-watch.js';
import { forSeeds } from './random.js';

/** A path in virtual time: RTP every 20 ms, checks answered every so often, looked at as a page's timers come. */
class Path {
  watch = new PathWatch();
  now = 0;
  packets = 0;
  answers = 0;
  rtp = true;
  there = true;
  diesAt = Infinity;
  held = false;
  alarms = [];

  /** @param checkMillis null: this browser does not count answers */
  constructor(checkMillis = 1700) {
    this.checkMillis = checkMillis;
  }

  /** @param every how often the page looks, milliseconds */
  run(millis, every = () => 500) {
    const end = this.now + millis;
    while (this.now < end) {
      const look = Math.min(this.now + every(), end);
      for (; this.now < look; this.now += 10) {
        this.there &&= this.now < this.diesAt;
        this.packets += this.there && this.rtp && this.now % 20 === 0 ? 1 : 0;
        this.answers += this.there && this.checkMillis && this.now % this.checkMillis === 0 ? 1 : 0;
      }
      const sample = { at: this.now, packets: this.packets, answers: this.checkMillis ? this.answers : null };
      if (this.watch.onSample(sample, this.held)) {
        this.alarms.push(this.now);
        this.watch.onAttempt();
      }
    }
    return this;
  }
}

test('a path that dies is noticed within two seconds, whenever it dies', () =>
  forSeeds(300, (chance) => {
    const path = new Path(chance.of([null, 1700, 4000]));
    path.diesAt = 1000 + 10 * chance.below(1000);
    path.run(path.diesAt + 3000);
    assert.ok(path.watch.dead);
    const after = path.alarms[0] - path.diesAt;
    assert.ok(after > 900 && after <= 2000, `after ${after} ms`);
  }));

test('a path that is fine raises no alarm, however late the page looks', () =>
  forSeeds(300, (chance) => {
    const path = new Path(chance.of([null, 1700, 4000]));
    path.run(300_000, () => chance.of([500, 500, 510, 700, 1000, 3000, 60_000]));
    assert.deepEqual(path.alarms, []);
  }));

test('a page that stood still looks twice before it believes that nothing comes', () => {
  const path = new Path(null).run(5000);
  const { packets } = path;
  path.now += 30_000; // and nothing was read meanwhile
  assert.ok(!path.watch.onSample({ at: path.now, packets, answers: null }, false));
  path.run(5000);
  assert.deepEqual(path.alarms, []);
});

test('a gateway that has sent nothing yet is no dead path', () => {
  const path = new Path();
  path.rtp = false;
  path.watch.onIce('connected');
  path.run(60_000);
  assert.deepEqual(path.alarms, []);
});

test('while somebody holds the call, and when it goes on, silence is no dead path', () => {
  for (const checkMillis of [null, 1700, 4000]) {
    const path = new Path(checkMillis).run(5000);
    path.held = true;
    path.rtp = false;
    path.run(60_000);
    path.held = false;
    path.run(1000);
    path.rtp = true;
    path.run(5000);
    assert.deepEqual(path.alarms, [], `checks ${checkMillis}`);
  }
});

test('a held path that dies is noticed by its unanswered checks, or by ICE itself', () => {
  const path = new Path().run(5000);
  path.held = true;
  path.rtp = path.there = false;
  path.run(12_000);
  assert.equal(path.alarms.length, 1);
  const other = new Path(null).run(5000);
  other.held = true;
  other.there = false;
  other.run(60_000);
  assert.deepEqual(other.alarms, []);
  assert.ok(other.watch.onIce('disconnected'));
  assert.ok(other.watch.dead);
});

test('new paths are tried with growing patience until something comes', () => {
  const path = new Path().run(5000);
  path.there = false;
  path.run(60_000);
  const [first, ...gaps] = path.alarms.map((at, i, all) => at - (all[i - 1] ?? 5000));
  assert.ok(first <= 2000);
  assert.deepEqual(gaps, [3000, 6000, 12_000, 15_000, 15_000]);
  path.there = true;
  path.run(500);
  assert.ok(!path.watch.dead);
});

test('a telephone side that leaves out its silence is taken for a dead path twice at most', () => {
  const path = new Path().run(5000);
  for (let pause = 0; pause < 20; pause++) {
    path.rtp = false;
    path.run(6000);
    path.rtp = true;
    path.run(6000);
  }
  assert.ok(path.alarms.length <= 2, `${path.alarms}`);
  assert.ok(!path.watch.dead);
});

test('a path that really dies again and again is noticed again and again', () => {
  const path = new Path();
  for (let round = 0; round < 10; round++) {
    path.run(6000);
    path.there = false;
    path.run(2000);
    assert.ok(path.watch.dead, `round ${round}`);
    path.watch.onIce('connected');
    path.there = true;
  }
});

test('figures are read out of the browser’s report, where they are', () => {
  const rtp = { type: 'inbound-rtp', kind: 'audio', timestamp: 5, packetsReceived: 7 };
  const pair = (responsesReceived) => ({ type: 'candidate-pair', timestamp: 5, responsesReceived });
  const report = (...entries) => new Map(entries.map((entry, i) => [i, entry]));
  assert.deepEqual(sampleOf(report(rtp, pair(2), pair(3))), { at: 5, packets: 7, answers: 5 });
  assert.deepEqual(sampleOf(report(rtp, pair(undefined))), { at: 5, packets: 7, answers: null });
  assert.deepEqual(sampleOf(report()), { at: 0, packets: 0, answers: 0 });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { RingdownError } from '../sdk/index.js';
import { Supervising } from '../softphone/supervising.js';
import { settled } from './fakes.js';

class FakeSupervision extends EventTarget {
  constructor(of, mode) {
    super();
    Object.assign(this, { of, mode });
  }

  async setMode(mode) {
    this.mode = mode;
  }

  hangup() {
    this.end();
  }

  end(reason = { failed: false }) {
    this.dispatchEvent(Object.assign(new Event('ended'), { reason }));
  }
}

/** A supervisor's page; `asked` are the requests, each of which waits for its `done` or `fail`. */
function page() {
  const asked = [];
  const agent = {
    supervise: (call, mode) => new Promise((resolve, reject) => {
      const supervision = new FakeSupervision(call, mode);
      asked.push({ supervision, done: () => resolve(supervision), fail: reject });
    }),
  };
  const told = [];
  const counts = { changes: 0 };
  const supervising = new Supervising(agent, { changed: () => counts.changes++, tell: (what) => told.push(what) });
  return { supervising, asked, told, counts };
}

test('a double click asks for one supervision, and that can be stopped', async () => {
  const { supervising, asked, counts } = page();
  void supervising.supervise('c1', 'barge');
  void supervising.supervise('c1', 'barge');
  void supervising.supervise('c2', 'listen');
  assert.equal(asked.length, 1, 'until it is there, clicks ask for no other');
  asked[0].done();
  await settled();
  assert.equal(supervising.present, asked[0].supervision);
  await supervising.supervise('c1', 'whisper');
  assert.deepEqual([asked.length, supervising.present.mode], [1, 'whisper'], 'one that is there changes');
  const before = counts.changes;
  supervising.present.hangup();
  assert.deepEqual([supervising.present, counts.changes], [null, before + 1]);
});

test('whoever turns to another call leaves the first, whose end touches the second no more', async () => {
  const { supervising, asked, told } = page();
  void supervising.supervise('c1', 'listen');
  asked[0].done();
  await settled();
  void supervising.supervise('c2', 'listen');
  assert.equal(supervising.present, null, 'the first has ended');
  asked[1].done();
  await settled();
  told.length = 0;
  asked[0].supervision.end({ failed: true, cause: 'too-many-calls' });
  assert.equal(supervising.present, asked[1].supervision);
  assert.deepEqual(told, []);
  asked[1].supervision.end({ failed: true, cause: 'media-lost' });
  assert.equal(supervising.present, null);
  assert.deepEqual(told.map(({ cause }) => cause), ['media-lost']);
});

test('what cannot be begun is told, and may be tried again', async () => {
  const { supervising, asked, told } = page();
  void supervising.supervise('c1', 'listen');
  asked[0].fail(new RingdownError('microphone-denied'));
  await settled();
  assert.deepEqual([told.at(-1).code, supervising.present], ['microphone-denied', null]);
  void supervising.supervise('c1', 'listen');
  assert.equal(told.at(-1), null, 'the problem is over');
  asked[1].done();
  await settled();
  assert.equal(supervising.present, asked[1].supervision);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { OtherCalls } from '../demo/other-calls.js';

class FakeCall extends EventTarget {
  constructor(origin) {
    super();
    Object.assign(this, origin);
  }

  hangup() {
    this.dispatchEvent(new Event('ended'));
  }
}

test('each call that the telephone does not show is told of and can be hung up, until it is over', () => {
  const shown = new Map();
  const others = new OtherCalls({
    show: (key, title, text, remedy) => shown.set(key, { title, remedy }),
    clear: (key) => shown.delete(key),
  });
  const calls = [
    new FakeCall({ id: 'a', direction: 'outgoing', to: '+12025550100', from: '' }),
    new FakeCall({ id: 'b', direction: 'incoming', to: '+12025550199', from: '' }),
  ];
  calls.forEach((call) => others.show(call));
  assert.deepEqual([...shown.values()].map(({ title }) => title),
    ['Your call to +1 202 555 0100 goes on, too.', 'Your call from an unknown number goes on, too.']);
  shown.get('other-a').remedy.act();
  assert.deepEqual([...shown.keys()], ['other-b']);
  calls[1].hangup();
  assert.equal(shown.size, 0);
});

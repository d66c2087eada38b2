import assert from 'node:assert/strict';
import test from 'node:test';
import { Callers } from '../softphone/callers.js';
import { Logbook } from '../softphone/logbook.js';
import { Recent } from '../softphone/recent.js';
import { word } from '../softphone/words.js';
import { FakeStorage } from './fakes.js';

const KNOWN = { colleagues: [{ name: 'Bob Berg', number: '13', state: 'available' }], recent: [] };
const errands = {
  c1: { group: 'sales', waitedMillis: 0, originated: false, to: '', transferredBy: '13' },
  c3: { group: '', waitedMillis: null, originated: true, to: '13', transferredBy: '' },
};
const callers = new Callers({ errandOf: ({ id }) => errands[id] ?? null }, () => KNOWN);
const call = (more) => ({ id: 'c1', direction: 'incoming', from: '13', to: '12', name: '', establishedAt: null, reason: null, ...more });

test('a call is named by the other side of it, and says for which group it rings', () => {
  assert.equal(callers.name(call()), 'Bob Berg');
  assert.equal(callers.name(call({ direction: 'outgoing', from: '12', to: '13' })), 'Bob Berg');
  assert.match(callers.announcement(call()), /Bob Berg.*sales/);
  assert.doesNotMatch(callers.announcement(call({ id: 'c2' })), /sales/);
  assert.equal(callers.errand(call()).transferredBy, 'Bob Berg');
  assert.equal(callers.errand(call({ id: 'c2' })), null);
});

test('a call that a system has begun rings here, and is one out to whom it calls: on the card, in the list, and called again', () => {
  const begun = call({ id: 'c3', from: '', to: '13' });
  assert.deepEqual([callers.name(begun), callers.number(begun)], ['Bob Berg', '13']);
  assert.equal(callers.announcement(begun), word('originated', 'Bob Berg'));
  const shownAgain = call({ id: 'c2', direction: 'outgoing', from: '12', to: '13' }); // as a page that is loaded again finds it
  assert.equal(callers.announcement(shownAgain), word('originated', 'Bob Berg'));
  const recent = new Recent(new FakeStorage(), 'alice');
  new Logbook(() => recent, callers, () => {}).write({ key: '1', call: begun, began: 1_000, ended: 3_000, note: '' });
  assert.deepEqual(recent.entries().map(({ direction, number, name }) => [direction, number, name]), [['outgoing', '13', 'Bob Berg']]);
});

test('a call and its note are written under one name before and after it is over, and the note is found again', () => {
  const recent = new Recent(new FakeStorage(), 'alice');
  let changes = 0;
  const logbook = new Logbook(() => recent, callers, () => changes++);
  const page = { key: '1', call: call({ establishedAt: new Date(2_000) }), began: 1_000, ended: 0, note: '' };
  logbook.note(page, 'wants a quote');
  assert.equal(logbook.noteOn(call()), 'wants a quote');
  Object.assign(page, { ended: 7_000, call: { ...page.call, reason: { cause: 'normal' } } });
  logbook.write(page);
  assert.deepEqual(recent.entries(), [
    { id: 'c1', at: 1_000, direction: 'incoming', number: '13', name: 'Bob Berg', group: 'sales', talkedMillis: 5_000, cause: 'normal', note: 'wants a quote' },
  ]);
  assert.ok(changes >= 2);
});

test('a call that the gateway has never named is written when it is over, and not twice', () => {
  const recent = new Recent(new FakeStorage(), 'alice');
  const logbook = new Logbook(() => recent, callers, () => {});
  const page = { key: '1', call: call({ id: null }), began: 1_000, ended: 0, note: '' };
  logbook.write(page);
  assert.deepEqual(recent.entries(), []);
  page.ended = 2_000;
  logbook.write(page);
  logbook.note(page, 'call again');
  assert.deepEqual(recent.entries().map(({ note, talkedMillis }) => [note, talkedMillis]), [['call again', null]]);
});

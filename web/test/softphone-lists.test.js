import assert from 'node:assert/strict';
import test from 'node:test';
import { MOST_ENTRIES, MOST_NOTE, Recent, forgetNameless, recentOf } from '../softphone/recent.js';
import { KEYS, deedOf, takesText } from '../softphone/shortcuts.js';
import { dialled, nameOf, suggest } from '../softphone/suggest.js';
import { FakeStorage } from './fakes.js';

const entry = (id, more = {}) => ({
  id, at: Number(id), direction: 'incoming', number: '+493012345', name: 'Ada', group: '', talkedMillis: 1000, cause: 'normal', note: '', ...more,
});

test('the last calls are kept with their notes, the latest first', () => {
  const storage = new FakeStorage();
  const recent = new Recent(storage, 'alice');
  recent.put(entry('1'));
  recent.put(entry('3', { note: 'rings back' }));
  recent.put(entry('2'));
  recent.setNote('1', 'wants a quote');
  recent.put(entry('1', { talkedMillis: 5000 }));
  const read = new Recent(storage, 'alice').entries();
  assert.deepEqual(read.map(({ id, note }) => [id, note]), [['3', 'rings back'], ['2', ''], ['1', 'wants a quote']]);
  assert.equal(read[2].talkedMillis, 5000);
  assert.deepEqual(new Recent(storage, 'bob').entries(), [], 'each has their own');
  recent.remove('3');
  assert.deepEqual(recent.entries().map(({ id }) => id), ['2', '1']);
  recent.clear();
  assert.equal(storage.kept.size, 0, 'nothing is left');
});

test('people whom the gateway has no account of share no list: theirs is in the tab, until somebody else signs in there', () => {
  const lasting = new FakeStorage();
  const [tab, other] = [new FakeStorage(), new FakeStorage()];
  new Recent(lasting, '').put(entry('0')); // as an earlier page kept it
  recentOf('alice', { lasting, tab }).put(entry('1'));
  recentOf('', { lasting, tab }).put(entry('2'));
  assert.deepEqual(recentOf('', { lasting, tab: other }).entries(), [], 'another tab');
  assert.deepEqual(recentOf('', { lasting, tab }).entries().map(({ id }) => id), ['2'], 'the same one, loaded again');
  forgetNameless({ lasting, tab });
  assert.deepEqual(recentOf('', { lasting, tab }).entries(), []);
  assert.equal(tab.kept.size, 0);
  assert.deepEqual([...lasting.kept.keys()], ['ringdown.softphone.calls.alice'], 'who has an account keeps theirs');
  forgetNameless({ lasting: undefined, tab: undefined });
});

test('the list is bounded, and so is each text', () => {
  const recent = new Recent(new FakeStorage(), 'alice');
  for (let i = 0; i < MOST_ENTRIES + 20; i++) {
    recent.put(entry(`${i}`, { note: 'x'.repeat(MOST_NOTE + 1), name: 'y'.repeat(1000) }));
  }
  const entries = recent.entries();
  assert.equal(entries.length, MOST_ENTRIES);
  assert.equal(entries[0].id, `${MOST_ENTRIES + 19}`, 'the oldest went');
  assert.deepEqual([entries[0].note.length, entries[0].name.length], [MOST_NOTE, 120]);
});

test('a full storage loses the older half, one with rubbish begins anew, none keeps nothing', () => {
  const full = new FakeStorage();
  full.setItem = (key, text) => {
    if (text.length > 3000) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    full.kept.set(key, text);
  };
  const recent = new Recent(full, 'alice');
  for (let i = 0; i < 100; i++) {
    const before = recent.entries().length;
    recent.put(entry(`${i}`));
    const kept = recent.entries();
    assert.ok(kept.length >= Math.floor(before / 2), `${before} became ${kept.length}`);
    assert.equal(kept[0].id, `${i}`);
  }
  for (const rubbish of ['{', '{}', '[1, null, {"id": 4}]']) {
    full.kept.set('ringdown.softphone.calls.bob', rubbish);
    assert.deepEqual(new Recent(full, 'bob').entries(), []);
  }
  const none = new Recent(undefined, 'alice');
  none.put(entry('1'));
  assert.deepEqual(none.entries(), []);
});

const KNOWN = {
  colleagues: [{ name: 'Zoë Ångström', number: '12', state: 'available' }, { name: 'Bob Berg', number: '13' }, { name: 'Bo Lind', number: '14' }],
  recent: [{ name: 'Berta', number: '+493012345678' }, { name: '', number: '+12025550100' }, { name: 'Bob', number: '13' }],
};

test('names are found by the beginnings of their words, without accents, colleagues first', () => {
  const names = (text) => suggest(text, KNOWN).map(({ name, number }) => name || number);
  assert.deepEqual(names('zoe ang'), ['Zoë Ångström']);
  assert.deepEqual(names('b'), ['Bob Berg', 'Bo Lind', 'Berta']);
  assert.deepEqual(names('ber'), ['Bob Berg', 'Berta']);
  assert.deepEqual(names('202 555'), ['+12025550100']);
  assert.deepEqual(names('   '), []);
});

test('what is dialled is a number, an extension, or the one person who is meant', () => {
  const cases = [
    ['+49 (30) 12345', '+493012345'], ['12', '12'], ['*97#', '*97#'], ['0049 30 12345678', '+493012345678'],
    ['Bob Berg', '13'], ['zoë', '12'], ['bo', null], ['Bob', '13'], ['nobody', null], ['', null], ['+', null],
  ];
  for (const [text, expected] of cases) {
    assert.equal(dialled(text, KNOWN), expected, text);
  }
  assert.equal(nameOf('12', 'other', KNOWN), 'Zoë Ångström');
  assert.equal(nameOf('+12025550100', '', KNOWN), '+1 202 555 0100');
  assert.equal(nameOf('', '', KNOWN), '');
});

const press = (key, more = {}) => ({ key, code: '', altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, ...more });

test('a shortcut is Alt, Shift and a letter; no letter alone and nothing that a browser has is one', () => {
  const chord = { altKey: true, shiftKey: true };
  for (const [letter, deed] of Object.entries(KEYS)) {
    assert.equal(deedOf(press(letter, chord), true), deed, 'wherever the focus is');
    assert.equal(deedOf(press('Ω', { ...chord, code: `Key${letter}` }), false), deed, 'a Mac');
    assert.equal(deedOf(press(letter.toLowerCase()), false), null);
    assert.equal(deedOf(press(letter, { altKey: true }), false), null);
    assert.equal(deedOf(press(letter, { ...chord, ctrlKey: true }), false), null);
    assert.equal(deedOf(press(letter, { ...chord, repeat: true }), false), null, 'a key that is held down does it once');
    assert.ok(!'TIAB'.includes(letter), 'those are Chromium’s');
  }
  assert.equal(deedOf(press('!', { ...chord, code: 'Digit1' }), false), 1);
  assert.equal(deedOf(press('?', { shiftKey: true }), false), 'help');
  assert.equal(deedOf(press('?', { shiftKey: true }), true), null, 'who types a question mark gets one');
  assert.deepEqual([{ tagName: 'TEXTAREA' }, { tagName: 'INPUT', type: 'tel' }, { tagName: 'INPUT', type: 'checkbox' }, { tagName: 'BUTTON' }, null].map(takesText),
    [true, true, false, false, false]);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { Desk } from '../softphone/desk.js';
import { Ringer } from '../softphone/ringer.js';

/** A desk and its bell; `heard` is what the bell does, in order. */
function page() {
  const desk = new Desk();
  const heard = [];
  const bell = { ring: (text, quiet) => heard.push(`${quiet ? 'knock' : 'ring'}: ${text}`), stop: () => heard.push('stop') };
  const ringer = new Ringer(bell, desk, (key) => `call from ${key}`);
  return { desk, heard, ringer };
}

test('beside a call of yours it knocks once, and rings when you have hung up', () => {
  const { desk, heard, ringer } = page();
  desk.add('ada', 'talking');
  desk.add('bob', 'talking');
  desk.add('eve', 'incoming');
  ringer.update();
  desk.ended('ada');
  ringer.update();
  assert.deepEqual(heard, ['knock: call from eve'], 'bob is there still');
  desk.ended('bob');
  ringer.update();
  ringer.update();
  assert.deepEqual(heard, ['knock: call from eve', 'ring: call from eve']);
  desk.ended('eve');
  ringer.update();
  assert.equal(heard.at(-1), 'stop');
});

test('what rings in the room never becomes a knock', () => {
  const { desk, heard, ringer } = page();
  desk.add('eve', 'incoming');
  ringer.update();
  desk.add('ada', 'begun');
  ringer.update();
  desk.ended('ada');
  ringer.update();
  assert.deepEqual(heard, ['ring: call from eve']);
});

test('of several that wait the first is rung for, and the next when it is taken', () => {
  const { desk, heard, ringer } = page();
  desk.add('eve', 'incoming');
  ringer.update();
  desk.add('kim', 'incoming');
  ringer.update();
  desk.accept('eve');
  ringer.update();
  desk.ended('eve');
  ringer.update();
  assert.deepEqual(heard, ['ring: call from eve', 'knock: call from kim', 'ring: call from kim']);
});

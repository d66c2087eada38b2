import assert from 'node:assert/strict';
import test from 'node:test';
import { Desk } from '../softphone/desk.js';
import { forSeeds } from './random.js';

const isLive = ({ state }) => state === 'begun' || state === 'talking';

test('whatever happens in whatever order: one call is active, no other is talked to, and no card is lost', async () => {
  await forSeeds(400, (chance) => {
    const desk = new Desk();
    /** What calls do: the truth that the desk is told. @type {Map<string, {state: string, held: boolean, put: boolean}>} */
    const calls = new Map();
    const obey = (wishes) => wishes.forEach(({ ask, key }) => {
      assert.equal(calls.get(key).state, 'talking', `${ask} of a call that is ${calls.get(key).state}`);
      calls.get(key).held = ask === 'hold';
    });
    for (let step = 0; step < 60; step++) {
      const keys = [...calls.keys()];
      const key = keys.length ? chance.of(keys) : '';
      const call = calls.get(key);
      switch (chance.below(10)) {
        case 0:
        case 1: {
          const fresh = `call-${step}`;
          const state = chance.of(['incoming', 'begun', 'talking']);
          calls.set(fresh, { state, held: false, put: false });
          obey(desk.add(fresh, state));
          break;
        }
        case 2:
          if (call?.state === 'incoming') {
            call.state = 'begun';
          }
          obey(desk.accept(key));
          break;
        case 3:
          if (call?.state === 'begun') {
            call.state = 'talking';
          }
          obey(desk.answered(key));
          break;
        case 4:
          obey(desk.choose(key));
          break;
        case 5:
          obey(desk.toggleHold(key));
          break;
        case 6: {
          const other = keys.length ? chance.of(keys) : '';
          obey(desk.join(key, other, chance.percent(60)));
          break;
        }
        case 7:
          if (call?.state === 'begun') {
            call.state = 'incoming';
          }
          desk.ringsOn(key);
          break;
        case 8:
          if (call) {
            call.state = 'ended';
            desk.ended(key).forEach((old) => (calls.get(old).put = true));
          }
          break;
        default:
          if (call?.state === 'ended') {
            call.put = true;
          }
          desk.putAway(key);
      }
      const expected = [...calls].filter(([, each]) => !each.put).map(([each]) => each);
      assert.deepEqual(desk.cards.map((card) => card.key), expected, 'the cards that lie there');
      desk.cards.forEach((card) => assert.equal(card.state, calls.get(card.key).state, card.key));
      const live = desk.cards.filter(isLive);
      assert.equal(desk.active !== null, live.length > 0, 'one is active as long as any is under way');
      assert.ok(desk.active === null || isLive(desk.active));
      for (const card of live.filter(({ key: each, joined }) => each !== desk.active.key && joined !== desk.active.key)) {
        assert.ok(card.state === 'begun' || calls.get(card.key).held, `${card.key} is talked to beside ${desk.active.key}`);
      }
      for (const card of desk.cards.filter(({ joined }) => joined)) {
        assert.equal(desk.card(card.joined).joined, card.key, 'who is joined is joined both ways');
      }
    }
  });
});

test('who ends a call is not suddenly heard by another one', () => {
  const desk = new Desk();
  desk.add('a', 'talking');
  assert.deepEqual(desk.add('b', 'begun'), [{ ask: 'hold', key: 'a' }]);
  desk.ended('b');
  assert.equal(desk.active.key, 'a');
  assert.equal(desk.active.held, true);
  assert.deepEqual(desk.toggleHold('a'), [{ ask: 'resume', key: 'a' }]);
});

test('a call that is answered while another one is talked to waits', () => {
  const desk = new Desk();
  desk.add('a', 'begun');
  desk.add('b', 'talking');
  assert.deepEqual(desk.answered('a'), [{ ask: 'hold', key: 'a' }]);
  assert.equal(desk.active.key, 'b');
});

test('calls that are joined are both talked to, and when they part one waits', () => {
  const desk = new Desk();
  desk.add('a', 'talking');
  desk.add('b', 'talking');
  assert.deepEqual(desk.join('a', 'b', true), []);
  desk.held('a', false);
  assert.deepEqual(desk.choose('a'), []);
  assert.deepEqual(desk.join('b', 'a', false), [{ ask: 'hold', key: 'b' }]);
});

test('after a reload a conference is talked to still, and what was on hold waits on', () => {
  for (const order of [['a', 'b', 'c'], ['c', 'b', 'a'], ['b', 'c', 'a']]) {
    const desk = new Desk();
    const found = { a: { held: false, joined: 'b' }, b: { held: false, joined: 'a' }, c: { held: true, joined: '' } };
    assert.deepEqual(desk.found(order.map((key) => ({ key, state: 'talking', ...found[key] }))), [], 'nobody is put on hold');
    assert.deepEqual([desk.card('a').joined, desk.card('b').joined, desk.card('c').held], ['b', 'a', true]);
    assert.ok(['a', 'b'].includes(desk.active.key));
    assert.deepEqual(desk.choose('c').map(({ ask, key }) => `${ask} ${key}`).sort(), ['hold a', 'hold b', 'resume c']);
  }
});

test('a call on hold that is found beside one that is talked to waits on', () => {
  const desk = new Desk();
  desk.add('a', 'talking');
  assert.deepEqual(desk.found([{ key: 'b', state: 'talking', held: true, joined: '' }]), []);
  assert.equal(desk.active.key, 'a');
});

test('after a reload the call that is talked to is the active one, and of several the last', () => {
  const desk = new Desk();
  assert.deepEqual(desk.found([
    { key: 'a', state: 'talking', held: false, joined: 'gone' }, { key: 'b', state: 'begun', held: false, joined: 'a' }, { key: 'c', state: 'talking', held: true, joined: '' },
  ]), [{ ask: 'hold', key: 'a' }]);
  assert.equal(desk.active.key, 'b');
  assert.deepEqual(desk.cards.map(({ joined }) => joined), ['', '', ''], 'only who is talked to is in a conference');
  assert.deepEqual(desk.found([{ key: 'a', state: 'talking', held: false, joined: '' }]), [], 'they are there already');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { LOST_AFTER_MILLIS, PressLedger } from '../sdk/receipts.js';
import { settled } from './fakes.js';
import { forSeeds } from './random.js';

const code = (expected) => (error) => error.code === expected;
const states = (receipts) => receipts.map(({ state, reason }) => (reason ? `${state} ${reason}` : state));

function ledger() {
  const told = [];
  const presses = new PressLedger((receipt) => told.push(receipt));
  let numbers = 0;
  return {
    presses,
    told,
    /** The gateway's word on a press; the first one gives it a number. */
    says: (press, state, more = {}) => presses.receive({ type: 'dtmf-receipt', press, state, ...more }),
    number: () => ++numbers,
    /** The browser plays its next press, which is over at `now`. */
    play(now) {
      const ordinal = presses.began();
      presses.over(now);
      return ordinal;
    },
  };
}

/** What a promise has come to: 'pending', its receipts' states, or its error. */
function watched(promise) {
  const watch = { came: 'pending', error: null };
  promise.then((receipts) => { watch.came = states(receipts); }, (error) => { watch.came = error.code; watch.error = error; });
  return watch;
}

test('presses by RTP and by message each find their receipts, in any order of states', async () => {
  const { presses, says, play, told } = ledger();
  const byRtp = presses.byRtp(2);
  const byMessage = presses.byMessage(2, 'digits-1');
  play(100);
  play(200);
  says(1, 'accepted');
  says(3, 'accepted', { ref: 'digits-1', index: 0 });
  says(2, 'accepted');
  says(4, 'failed', { ref: 'digits-1', index: 1, reason: 'queue-full' });
  says(2, 'sent', { road: 'rtp', duration: 120, packets: 9, timestamp: 800 });
  says(1, 'sent', { road: 'rtp', duration: 100, packets: 8, timestamp: 160 });
  says(3, 'sent', { road: 'info', duration: 100 });
  says(3, 'confirmed');
  assert.deepEqual(byRtp.presses.map(({ receipt }) => receipt.durationMillis), [100, 120]);
  assert.deepEqual(byMessage.presses.map(({ receipt }) => receipt.state), ['confirmed', 'failed']);
  assert.deepEqual(told.at(-1), {
    ordinal: 2, press: 3, state: 'confirmed', road: 'info', durationMillis: 100, packets: null, timestamp: null,
    reason: null, sip: null,
  });
});

test('a press by something else is told without an ordinal, and takes nobody’s place', () => {
  const { presses, says, told } = ledger();
  presses.byMessage(1, 'digits-1');
  says(1, 'accepted');
  says(2, 'accepted', { ref: 'another’s', index: 0 });
  says(3, 'accepted', { ref: 'digits-1', index: 0 });
  assert.deepEqual(told.map(({ ordinal, press }) => [ordinal, press]), [[null, 1], [null, 2], [0, 3]]);
});

test('a state that this SDK does not know, one that goes back, and one after the last word change nothing', () => {
  const { presses, says, told } = ledger();
  presses.byRtp(1);
  for (const state of ['accepted', 'sent', 'accepted', 'sent', 'mislaid', 'confirmed', 'failed']) {
    says(1, state);
  }
  assert.deepEqual(told.map(({ state }) => state), ['accepted', 'sent', 'confirmed']);
});

test('until sent, until confirmed', async () => {
  const { presses, says, play } = ledger();
  const request = presses.byRtp(2);
  const [sent, confirmed] = [watched(presses.outcome(request, 'sent')), watched(presses.outcome(request, 'confirmed'))];
  for (const number of [1, 2]) {
    play(number);
    says(number, 'accepted');
  }
  says(1, 'sent');
  says(1, 'confirmed');
  await settled();
  assert.equal(sent.came, 'pending');
  says(2, 'sent');
  await settled();
  assert.deepEqual([sent.came, confirmed.came], [['confirmed', 'sent'], 'pending']);
  says(2, 'unconfirmable', { reason: 'no-reports' });
  await settled();
  assert.deepEqual(confirmed.came, ['confirmed', 'unconfirmable no-reports']);
});

test('a failure waits for the others’ last words, and carries every receipt and reason', async () => {
  const { presses, says } = ledger();
  const outcome = watched(presses.outcome(presses.byMessage(3, 'digits-1'), 'confirmed'));
  for (const index of [0, 1, 2]) {
    says(index + 1, 'accepted', { ref: 'digits-1', index });
  }
  says(1, 'failed', { reason: 'refused', sip: 415 });
  says(2, 'failed', { reason: 'no-answer' });
  await settled();
  assert.equal(outcome.came, 'pending');
  says(3, 'sent');
  says(3, 'confirmed');
  await settled();
  const { error } = outcome;
  assert.equal(error.code, 'digits-failed');
  assert.deepEqual(error.reasons, ['refused', 'no-answer']);
  assert.deepEqual(states(error.receipts), ['failed refused', 'failed no-answer', 'confirmed']);
  assert.equal(error.receipts[0].sip, 415);
  assert.equal(error.message, '2 of 3 presses did not get to the telephone: refused, no-answer.');
});

test('a press that the gateway never sees is lost, so long after its end and not before', async () => {
  const { presses, says, play } = ledger();
  const outcome = watched(presses.outcome(presses.byRtp(2), 'confirmed'));
  assert.equal(presses.deadline, Infinity);
  play(1000);
  play(1200);
  says(1, 'accepted');
  assert.equal(presses.deadline, 1200 + LOST_AFTER_MILLIS);
  presses.expire(1199 + LOST_AFTER_MILLIS);
  says(1, 'sent');
  says(1, 'confirmed');
  await settled();
  assert.equal(outcome.came, 'pending');
  presses.expire(1200 + LOST_AFTER_MILLIS);
  await settled();
  assert.deepEqual(states(outcome.error.receipts), ['confirmed', 'failed lost']);
  assert.equal(presses.deadline, Infinity);
});

test('what was lost takes no receipt of a later press', () => {
  const { presses, says, play, told } = ledger();
  presses.byRtp(2);
  play(0);
  presses.expire(LOST_AFTER_MILLIS);
  play(6000);
  says(1, 'accepted');
  assert.deepEqual(told.map(({ ordinal, state }) => [ordinal, state]), [[0, 'failed'], [1, 'accepted']]);
});

test('what has begun outlives a cancel, what has not does not', async () => {
  const { presses, says, play } = ledger();
  const [first, second] = [presses.byRtp(2), presses.byRtp(1)];
  const outcomes = [first, second].map((request) => watched(presses.outcome(request, 'confirmed')));
  play(0);
  presses.giveUp('cancelled');
  says(1, 'accepted');
  says(1, 'sent');
  says(1, 'confirmed');
  await settled();
  assert.deepEqual(outcomes.map(({ error }) => states(error.receipts)),
    [['confirmed', 'failed cancelled'], ['failed cancelled']]);
  await assert.rejects(presses.outcome(first, 'played'), code('digits-failed'));
  const third = presses.byRtp(1);
  assert.equal(play(500), 3);
  says(2, 'accepted');
  assert.equal(third.presses[0].receipt.state, 'accepted');
});

test('a press that the gateway fails was played all the same', async () => {
  const { presses, says } = ledger();
  const request = presses.byRtp(1);
  says(1, 'failed', { reason: 'no-road' });
  assert.deepEqual(states(await presses.outcome(request, 'played')), ['failed no-road']);
});

test('a message that the gateway refuses fails with the gateway’s error', async () => {
  const { presses, told } = ledger();
  const request = presses.byMessage(2, 'digits-1');
  const outcome = watched(presses.outcome(request, 'sent'));
  const refusal = Object.assign(new Error(), { code: 'no-telephone-event' });
  presses.refuse('digits-2', refusal);
  presses.refuse('digits-1', refusal);
  await settled();
  assert.equal(outcome.error, refusal);
  assert.deepEqual(states(told), ['failed no-telephone-event', 'failed no-telephone-event']);
});

test('the end of the call is everyone’s last word', async () => {
  const { presses, says, play } = ledger();
  const request = presses.byRtp(3);
  const outcome = watched(presses.outcome(request, 'confirmed'));
  [0, 1, 2].forEach(play);
  says(1, 'accepted');
  says(2, 'accepted');
  says(1, 'sent');
  presses.end();
  await settled();
  assert.equal(outcome.error.code, 'call-ended');
  assert.deepEqual(states(outcome.error.receipts),
    ['unconfirmable call-ended', 'failed call-ended', 'failed call-ended']);
  assert.equal(states(await presses.outcome(request, 'played')).length, 3);
  await assert.rejects(presses.outcome(request, 'sent'), code('call-ended'));
  assert.equal(presses.deadline, Infinity);
});

test('what the gateway itself said before the end stands', async () => {
  const { presses, says } = ledger();
  const request = presses.byMessage(1, 'digits-1');
  says(1, 'accepted', { ref: 'digits-1', index: 0 });
  says(1, 'sent');
  presses.end();
  assert.deepEqual(states(await presses.outcome(request, 'sent')), ['unconfirmable call-ended']);
  await assert.rejects(presses.outcome(request, 'confirmed'), code('call-ended'));
});

test('a press is not called lost before the gateway had five seconds to say again what it told meanwhile', async () => {
  const { presses, says, play } = ledger();
  const [first, second] = [1, 1].map((count) => watched(presses.outcome(presses.byRtp(count), 'sent')));
  play(0);
  play(0);
  presses.signaling(false);
  presses.signaling(true, true, 60_000);
  assert.equal(presses.deadline, 60_000 + LOST_AFTER_MILLIS);
  says(1, 'accepted');
  says(1, 'sent');
  presses.expire(presses.deadline);
  await settled();
  assert.deepEqual(first.came, ['sent']);
  assert.deepEqual(second.error.reasons, ['lost']);
});

test('while the socket is away nothing is called lost; when it is back with gaps nobody can say', async () => {
  const { presses, says, play } = ledger();
  const outcome = watched(presses.outcome(presses.byRtp(2), 'confirmed'));
  const message = watched(presses.outcome(presses.byMessage(1, 'digits-1'), 'confirmed'));
  play(0);
  presses.signaling(false);
  assert.equal(presses.deadline, Infinity);
  presses.expire(10 * LOST_AFTER_MILLIS);
  presses.signaling(true, false, 60_000);
  play(60_000);
  says(7, 'accepted');
  says(7, 'sent');
  says(7, 'confirmed');
  await settled();
  assert.deepEqual(outcome.came, ['unconfirmable signaling-lost', 'confirmed']);
  assert.deepEqual(message.came, ['unconfirmable signaling-lost']);
});

test('no keys at all are done at once', async () => {
  const { presses } = ledger();
  assert.deepEqual(await presses.outcome(presses.byRtp(0), 'confirmed'), []);
});

/**
 * Requests by both ways, played and answered by a gateway that keeps the protocol, each press with a fate of its own. What a request
 * comes to must follow from the fates of its presses alone, however the words on them are mixed.
 */
test('whatever order the words come in, every request comes to what its presses came to', () => forSeeds(400, async (chance) => {
  const { presses, says, number, play, told } = ledger();
  let now = 0;
  const requests = [];
  const toPlay = []; // RTP presses, in order
  const speakers = []; // for each press that the gateway knows: what it will still say
  const rounds = chance.between(1, 6);
  const accept = (press, name) => {
    const id = number();
    const words = {
      confirmed: ['accepted', 'sent', 'confirmed'],
      unconfirmable: ['accepted', 'sent', 'unconfirmable'],
      failed: ['accepted', 'failed'],
      'no-road': ['failed'],
    }[press.fate];
    says(id, words[0], { ...name, ...reasonOf(words[0], press) });
    speakers.push({ id, press, words: words.slice(1) });
  };
  const reasonOf = (state, { fate }) => (state === 'failed' || state === 'unconfirmable' ? { reason: fate } : {});
  const speak = (speaker) => {
    const word = speaker.words.shift();
    says(speaker.id, word, reasonOf(word, speaker.press));
  };
  const speakSome = () => {
    while (chance.percent(60)) {
      const talkative = speakers.filter(({ words }) => words.length > 0);
      if (talkative.length === 0) {
        return;
      }
      speak(chance.of(talkative));
    }
  };
  for (let round = 0; round < rounds; round++) {
    const fates = Array.from({ length: chance.between(0, 4) },
      () => ({ fate: chance.of(['confirmed', 'confirmed', 'unconfirmable', 'failed', 'no-road']) }));
    const until = chance.of(['sent', 'confirmed']);
    if (chance.percent(50)) {
      const request = presses.byRtp(fates.length);
      toPlay.push(...fates);
      requests.push({ fates, until, outcome: watched(presses.outcome(request, until)) });
    } else {
      const ref = `digits-${round}`;
      const request = presses.byMessage(fates.length, ref);
      requests.push({ fates, until, outcome: watched(presses.outcome(request, until)) });
      fates.forEach((press, index) => accept(press, { ref, index }));
    }
    while (toPlay.length > 0 && chance.percent(70)) {
      play(now += 170);
      accept(toPlay.shift(), {});
      speakSome();
    }
    speakSome();
  }
  // The last presses by RTP never get there.
  const lost = toPlay.splice(0);
  lost.forEach((press) => {
    press.fate = 'lost';
    play(now += 170);
  });
  for (let some = speakers; some.length > 0; some = speakers.filter(({ words }) => words.length > 0)) {
    some.forEach((speaker) => speaker.words.length > 0 && speak(speaker));
  }
  presses.expire(now + LOST_AFTER_MILLIS);
  await settled();
  for (const { fates, until, outcome } of requests) {
    const failed = fates.filter(({ fate }) => ['failed', 'no-road', 'lost'].includes(fate));
    if (failed.length > 0) {
      assert.equal(outcome.came, 'digits-failed');
      assert.deepEqual(outcome.error.reasons, [...new Set(failed.map(({ fate }) => fate))]);
    } else if (until === 'confirmed') {
      assert.deepEqual(outcome.came,
        fates.map(({ fate }) => (fate === 'unconfirmable' ? 'unconfirmable unconfirmable' : 'confirmed')));
    } else {
      assert.equal(outcome.came.length, fates.length);
    }
  }
  // Every press has one last word, and nothing after it.
  const last = told.filter(({ state }) => ['confirmed', 'unconfirmable', 'failed'].includes(state));
  const all = requests.flatMap(({ fates }) => fates).length;
  assert.deepEqual(last.map(({ ordinal }) => ordinal).sort((a, b) => a - b), Array.from({ length: all }, (_, i) => i));
  assert.equal(presses.deadline, Infinity);
}));

import assert from 'node:assert/strict';
import test from 'node:test';
import { Session } from '../sdk/session.js';
import { SessionStore } from '../sdk/session-store.js';
import { FakeStorage } from './fakes.js';
import { forSeeds } from './random.js';

const welcome = (more = {}) => ({ type: 'welcome', session: 's', resume: 'r', ...more });

/** A session as the gateway keeps it: what it has taken, and what the page may not have. */
class GatewaysSession {
  taken = 0;
  said = 0;
  kept = [];
  gap = false;
  heard = [];

  constructor(room) {
    this.room = room;
  }

  says(word) {
    const message = { type: 'word', word, seq: ++this.said };
    this.kept.push(message);
    if (this.kept.length > this.room) {
      this.kept.shift();
      this.gap = true;
    }
    return message;
  }

  hears(message) {
    if (message.ack !== undefined) {
      this.acknowledged(message.ack);
    }
    if (message.type === 'ping') {
      return [{ type: 'pong', ref: message.ref }];
    }
    if (message.seq > this.taken) {
      this.taken = message.seq;
      this.heard.push(message.word);
    }
    return [];
  }

  acknowledged(seq) {
    this.kept = this.kept.filter((message) => message.seq > seq);
    this.gap = this.gap && this.kept.length === this.room;
  }

  resumes({ received }) {
    this.acknowledged(received);
    const gap = this.said > received && this.kept[0]?.seq !== received + 1;
    return [welcome({ resumed: true, taken: this.taken, gap }), ...this.kept];
  }
}

test('whatever sockets are lost, each word is taken once, in order, and no gap goes untold', () =>
  forSeeds(300, (chance, seed) => {
    const page = new Session(() => 0.5);
    const gateway = new GatewaysSession(chance.of([3, 256]));
    const [said, told, heard] = [[], [], []];
    let gaps = 0;
    let [toGateway, toPage] = [[], []];
    let greeted = true;
    page.welcomed(welcome({ resumed: false, taken: 0 }));

    const pageHears = (message) => {
      if (message.type === 'welcome') {
        const { resumed, known, whole, again } = page.welcomed(message);
        assert.ok(resumed && known);
        gaps += whole ? 0 : 1;
        toGateway.push(...again);
        greeted = true;
      } else if (page.take(message) && message.type === 'word') {
        heard.push(message.word);
      }
    };
    const lose = () => {
      toGateway.splice(chance.below(toGateway.length + 1)); // what had left may have arrived
      toGateway.forEach((message) => gateway.hears(message));
      [toGateway, toPage] = [[], gateway.resumes(page.hello())];
      greeted = false;
    };
    const step = () => {
      const what = chance.below(100);
      if (what < 25) {
        said.push(`page ${said.length}`);
        const message = page.number({ type: 'word', word: said.at(-1) });
        if (greeted) {
          toGateway.push(message);
        }
      } else if (what < 50) {
        told.push(`gateway ${told.length}`);
        toPage.push(gateway.says(told.at(-1)));
      } else if (what < 70 && toGateway.length > 0) {
        toPage.push(...gateway.hears(toGateway.shift()));
      } else if (what < 90 && toPage.length > 0) {
        pageHears(toPage.shift());
      } else if (what < 95 && greeted) {
        toGateway.push(page.ping());
      } else if (what < 98) {
        lose();
      }
    };
    for (let i = 0; i < 400; i++) {
      step();
    }
    lose();
    while (toPage.length + toGateway.length > 0) {
      toPage.splice(0).forEach(pageHears);
      toGateway.splice(0).forEach((message) => toPage.push(...gateway.hears(message)));
    }
    assert.deepEqual(gateway.heard, said);
    if (gaps === 0) {
      assert.deepEqual(heard, told, `seed ${seed}`);
    } else {
      const places = heard.map((word) => told.indexOf(word));
      assert.deepEqual(places, [...new Set(places)].sort((a, b) => a - b), 'in order, none twice');
    }
    toPage.push(...gateway.hears(page.ping()));
    toPage.splice(0).forEach(pageHears);
    assert.deepEqual(page.welcomed(welcome({ resumed: true, taken: 0 })).again, [], 'a pong has said that all was taken');
  }));

test('a page that has just been loaded says nothing of what it has received, and numbers on from what the gateway has taken', () => {
  const session = new Session(() => 0.5);
  session.begin('token');
  assert.deepEqual(Object.keys(session.hello()).sort(), ['page', 'resume']);
  const { known, again } = session.welcomed(welcome({ resumed: true, taken: 41 }));
  assert.deepEqual([known, again], [false, []]);
  assert.equal(session.number({ type: 'hangup' }).seq, 42);
});

test('a session that the gateway does not know is a new one: nothing of the old is sent, numbers begin at one', () => {
  const session = new Session(() => 0.5);
  session.welcomed(welcome({ resumed: false }));
  session.number({ type: 'hangup' });
  session.take({ type: 'ended', seq: 7 });
  assert.deepEqual(session.welcomed(welcome({ resumed: false })).again, []);
  assert.equal(session.number({ type: 'start' }).seq, 1);
  assert.ok(session.take({ type: 'answer', seq: 1 }));
});

test('what is kept is bounded, and a ping is due long before that', () => {
  const session = new Session(() => 0.5);
  session.welcomed(welcome({ resumed: false }));
  let due = null;
  for (let i = 1; i <= 1000; i++) {
    session.number({ type: 'dtmf' });
    due ??= session.pingDue ? i : null;
  }
  assert.equal(due, 64);
  assert.equal(session.welcomed(welcome({ resumed: true, taken: 0 })).again.length, 256);
});

test('a page that only listens acknowledges by a ping before the gateway’s room is full', () => {
  const session = new Session(() => 0.5);
  session.welcomed(welcome({ resumed: false }));
  for (let seq = 1; seq < 64; seq++) {
    session.take({ type: 'dtmf', seq });
  }
  assert.ok(!session.pingDue);
  session.take({ type: 'dtmf', seq: 64 });
  assert.ok(session.pingDue);
  assert.equal(session.ping().ack, 64);
  assert.ok(!session.pingDue);
});

test('the store keeps the token, the gateway it is for and a microphone, and nothing else', () => {
  const storage = new FakeStorage();
  const store = new SessionStore(storage, '', 'wss://one/');
  store.write({ token: 'secret' });
  store.write({ microphone: 'device' });
  assert.deepEqual([...storage.kept], [['ringdown.session', JSON.stringify({ url: 'wss://one/', token: 'secret', microphone: 'device' })]]);
  assert.deepEqual(store.read(), { token: 'secret', microphone: 'device' });
  assert.equal(new SessionStore(storage, '', 'wss://two/').read().token, '');
  assert.equal(new SessionStore(storage, 'named', 'wss://one/').read().token, '');
  store.clear();
  assert.equal(storage.kept.size, 0);
});

test('a browser that keeps nothing, or what others left there, is as if there had been nothing', () => {
  const broken = { getItem() { throw new Error('denied'); }, setItem() { throw new Error('full'); }, removeItem() { throw new Error('denied'); } };
  for (const storage of [undefined, broken]) {
    const store = new SessionStore(storage, '', 'wss://one/');
    store.write({ token: 'secret' });
    assert.equal(store.read().token, '');
    store.clear();
  }
  for (const text of ['{', 'null', '[]', '7', '{"url":"wss://one/"}', '{"url":"wss://one/","token":5}']) {
    const storage = new FakeStorage();
    storage.setItem('ringdown.session', text);
    assert.equal(new SessionStore(storage, '', 'wss://one/').read().token, '', text);
  }
});

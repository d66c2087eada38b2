import { RingdownClient } from '/sdk/index.js';

const NAMES = ['trying', 'ringing', 'earlymedia', 'established', 'ended', 'dtmf', 'dtmfsent', 'error'];

const phone = {
  client: null,
  call: null,
  story: [],

  watch(call) {
    phone.call = call;
    for (const name of NAMES) {
      call.addEventListener(name, (event) => {
        phone.story.push({ name, digit: event.digit, reason: event.reason ?? null });
      });
    }
  },

  async connect(url, numbers) {
    phone.client = new RingdownClient({ url, numbers });
    phone.client.addEventListener('incoming', (event) => {
      phone.story.push({ name: 'incoming', from: event.call.from });
      phone.watch(event.call);
    });
    await phone.client.connect();
  },

  async start(to) {
    phone.watch(await phone.client.call({ to }));
  },
};

window.phone = phone;

import { RingdownClient } from '/sdk/index.js';

const NAMES = [
  'trying', 'ringing', 'earlymedia', 'established', 'ended', 'dtmf', 'dtmfreceipt', 'dtmfroad', 'heard', 'navigationstep', 'error',
  'mediainterrupted', 'mediarestored', 'signalinglost', 'signalingrestored', 'pathchange', 'warning', 'warningcleared',
];

const phone = {
  client: null,
  call: null,
  story: [],

  watch(call) {
    phone.call = call;
    for (const name of NAMES) {
      call.addEventListener(name, (event) => {
        const { digit, reason = null, state, ordinal, road, why, what, durationMillis, hertz, index, kind, path, before, code } = event;
        phone.story.push({ name, at: Math.round(performance.now()), digit, reason, state, ordinal, road, why, what, durationMillis, hertz, index, kind, path, before, code });
      });
    }
  },

  async connect(url, numbers) {
    phone.client = new RingdownClient({ url, numbers });
    sessionStorage.setItem('connects', JSON.stringify([url, numbers])); // so does the page when it is loaded again
    for (const name of ['resumed', 'elsewhere', 'disconnected']) {
      phone.client.addEventListener(name, ({ calls, error }) => {
        phone.story.push({ name: `client ${name}`, code: error?.code });
        calls?.forEach(phone.watch);
      });
    }
    phone.client.addEventListener('incoming', (event) => {
      phone.story.push({ name: 'incoming', from: event.call.from });
      phone.watch(event.call);
    });
    await phone.client.connect();
  },

  async start(to) {
    phone.watch(await phone.client.call({ to }));
  },

  // What a test before a call has found, without the browser's own report; or its error. `stages` are those it has told.
  stages: [],
  async test(options) {
    phone.stages = [];
    const onProgress = ({ stage }) => phone.stages.at(-1) === stage || phone.stages.push(stage);
    phone.client.addEventListener('testprogress', onProgress);
    try {
      const report = await phone.client.test(options);
      return { ...report, codes: report.verdicts.map(({ code }) => code) };
    } catch ({ code }) {
      return { error: code };
    } finally {
      phone.client.removeEventListener('testprogress', onProgress);
    }
  },

  // What becomes of the walk is in `walk` when it is over: the steps, or the error.
  walk: null,
  navigate(script, options) {
    phone.walk = null;
    phone.call.navigate(script, options).then(
      (steps) => { phone.walk = { steps: steps.map(({ kind }) => kind) }; },
      ({ code, step }) => { phone.walk = { code, step }; },
    );
    return true;
  },
};

window.phone = phone;
const connects = sessionStorage.getItem('connects');
if (connects) await phone.connect(...JSON.parse(connects));

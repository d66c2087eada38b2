/** A browser in memory: a socket, a peer connection, a microphone, an AudioContext, each keeping what was done to it. */

/** Lets everything that waits for a promise go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export class FakeSocket {
  /** @type {FakeSocket[]} */
  static made = [];

  constructor(url, protocols) {
    Object.assign(this, { url, protocols, sent: [], numbered: [], closed: false });
    FakeSocket.made.push(this);
  }

  static get last() {
    return FakeSocket.made.at(-1);
  }

  /** What was sent is kept as it was, and once more without what joins it with other messages. */
  send(text) {
    const message = JSON.parse(text);
    const { seq, ack, page, ...rest } = message;
    this.numbered.push(message);
    this.sent.push(rest);
  }

  close(code) {
    Object.assign(this, { closed: true, code });
  }

  open() {
    this.onopen?.();
  }

  /** What the gateway says. */
  says(message) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** The network takes the socket away. */
  vanish(code = 1006) {
    this.onclose?.({ code });
  }

  sentOfType(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

export class FakeTrack extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { kind: 'audio', enabled: true, readyState: 'live' });
  }

  stop() {
    this.readyState = 'ended';
  }

  clone() {
    const twin = new FakeTrack();
    (this.clones ??= []).push(twin);
    return twin;
  }
}

export class FakeStream {
  constructor(tracks = [new FakeTrack()]) {
    this.tracks = tracks;
  }

  getAudioTracks() {
    return this.tracks;
  }
}

/** Plays as a browser does: insertDTMF replaces what waits, one tonechange per tone, an empty one at the end. */
export class FakeDtmfSender extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { canInsertDTMF: true, inserted: [], toneBuffer: '', refuses: false });
  }

  insertDTMF(tones, duration, gap) {
    if (this.refuses) {
      throw new Error('InvalidStateError');
    }
    this.inserted.push({ tones, duration, gap });
    this.toneBuffer = tones;
  }

  /** The next tone starts, or the last one is over. */
  playOne() {
    const tone = this.toneBuffer.slice(0, 1);
    this.toneBuffer = this.toneBuffer.slice(1);
    this.dispatchEvent(Object.assign(new Event('tonechange'), { tone }));
  }

  playAll() {
    while (this.toneBuffer) {
      this.playOne();
    }
    this.playOne();
  }
}

export class FakePeer extends EventTarget {
  /** @type {FakePeer[]} */
  static made = [];

  constructor(configuration) {
    super();
    Object.assign(this, { configuration, closed: false, connectionState: 'new', iceConnectionState: 'new', dtmf: new FakeDtmfSender() });
    Object.assign(this, { offers: 0, stats: new Map() });
    this.localDescription = this.remoteDescription = null;
    this.signalingState = 'stable';
    FakePeer.made.push(this);
  }

  static get last() {
    return FakePeer.made.at(-1);
  }

  addTransceiver(track, init) {
    this.transceiver = { track, init };
    this.sender = { dtmf: this.dtmf, track, replaceTrack: async (another) => Object.assign(this.sender, { track: another }) };
    return { sender: this.sender };
  }

  setConfiguration(configuration) {
    this.configuration = configuration;
  }

  async createOffer({ iceRestart = false } = {}) {
    const again = iceRestart ? `-another-path-${++this.offers}` : '';
    return { type: 'offer', sdp: `offer-${FakePeer.made.length}${again}` };
  }

  async setLocalDescription(description) {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description) {
    if (description.sdp === 'nonsense') {
      throw new Error('cannot be parsed');
    }
    this.remoteDescription = description;
    this.signalingState = 'stable';
  }

  async getStats() {
    return this.stats;
  }

  /** What the browser has counted, at this time. */
  counted(timestamp, packetsReceived, responsesReceived = 0) {
    this.stats = new Map([
      ['rtp', { type: 'inbound-rtp', kind: 'audio', timestamp, packetsReceived }],
      ['pair', { type: 'candidate-pair', timestamp, responsesReceived }],
    ]);
  }

  /** The path to the gateway changes. */
  path(state) {
    this.connectionState = this.iceConnectionState = state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** The gateway's sound begins. */
  hear(track = new FakeTrack()) {
    this.dispatchEvent(Object.assign(new Event('track'), { track }));
  }

  close() {
    this.closed = true;
  }
}

class FakeNode extends EventTarget {
  gain = { value: 1 };
  offset = { value: 1 };

  connect(next) {
    return next;
  }

  disconnect() {}
}

class FakeSource extends FakeNode {
  started = false;
  stoppedAt = null;

  start() {
    this.started = true;
  }

  stop(when = 0) {
    this.stoppedAt = when;
  }
}

export class FakeAudioContext extends EventTarget {
  /** @type {FakeAudioContext[]} */
  static made = [];
  /** Whether the browser waits for a gesture. */
  static locked = false;

  constructor() {
    super();
    Object.assign(this, { currentTime: 0, destination: {}, sources: [], resumes: 0 });
    this.state = FakeAudioContext.locked ? 'suspended' : 'running';
    FakeAudioContext.made.push(this);
  }

  /** The sound that is playing, as the samples given to it; null: silence. */
  get playing() {
    const last = this.sources.at(-1);
    return last && last.stoppedAt === null ? last.buffer : null;
  }

  async resume() {
    this.resumes++;
    if (!FakeAudioContext.locked) {
      this.state = 'running';
      this.dispatchEvent(new Event('statechange'));
    }
  }

  async close() {
    this.state = 'closed';
  }

  createBuffer(channels, length, sampleRate) {
    const buffer = { length, sampleRate, samples: null };
    buffer.copyToChannel = (samples) => {
      buffer.samples = samples;
    };
    return buffer;
  }

  createBufferSource() {
    const source = new FakeSource();
    this.sources.push(source);
    return source;
  }

  createGain() {
    return new FakeNode();
  }

  createConstantSource() {
    return new FakeSource();
  }

  createMediaStreamDestination() {
    return { stream: new FakeStream() };
  }

  createMediaStreamSource() {
    return new FakeNode();
  }

  createAnalyser() {
    return Object.assign(new FakeNode(), { getFloatTimeDomainData: (samples) => samples.fill(0.5) });
  }
}

export class FakeAudio {
  /** What play() rejects with; null: it plays. */
  static refusal = null;

  async play() {
    if (FakeAudio.refusal) {
      throw FakeAudio.refusal;
    }
  }
}

/** @returns an environment for RingdownClient; `microphone` may be changed to a rejection */
export function fakeEnvironment() {
  FakeSocket.made = [];
  FakePeer.made = [];
  FakeAudioContext.made = [];
  FakeAudioContext.locked = false;
  FakeAudio.refusal = null;
  const environment = {
    WebSocket: FakeSocket,
    RTCPeerConnection: FakePeer,
    AudioContext: FakeAudioContext,
    MediaStream: FakeStream,
    Audio: FakeAudio,
    window: new EventTarget(),
    storage: new FakeStorage(),
    secure: true,
    random: () => 1,
    now: () => Date.now(),
    microphone: async () => new FakeStream(),
    mediaDevices: new FakeMediaDevices((constraints) => environment.microphone(constraints)),
  };
  return environment;
}

/** What is plugged in. */
export class FakeMediaDevices extends EventTarget {
  /** @type {{kind: string, deviceId: string, label: string}[]} */
  plugged = [];

  constructor(getUserMedia) {
    super();
    this.getUserMedia = getUserMedia;
  }

  async enumerateDevices() {
    return this.plugged;
  }

  plug(...devices) {
    this.plugged = devices.map(([kind, deviceId, label = '']) => ({ kind, deviceId, label }));
    this.dispatchEvent(new Event('devicechange'));
  }
}

/** A player of a browser that lets pages choose its speaker. */
export class FakeRoutedAudio extends FakeAudio {
  /** @type {FakeRoutedAudio[]} */
  static made = [];
  /** The speakers there are. */
  static speakers = [''];
  sinkId = '';

  constructor() {
    super();
    FakeRoutedAudio.made.push(this);
  }

  async setSinkId(id) {
    if (!FakeRoutedAudio.speakers.includes(id)) {
      throw new DOMException('gone', 'NotFoundError');
    }
    this.sinkId = id;
  }
}

/** A tab's storage. */
export class FakeStorage {
  kept = new Map();

  getItem(key) {
    return this.kept.get(key) ?? null;
  }

  setItem(key, value) {
    this.kept.set(key, value);
  }

  removeItem(key) {
    this.kept.delete(key);
  }
}

// A client of docs/protocol.md by hand. Every message received is kept with its time.
'use strict';

const client = {
  messages: [],
  socket: null,
  closed: null,
  pc: null,
  call: null,
  microphone: null,
  // Changes an answer before the browser sees it: tests put a link of their own between.
  rewrite: (sdp) => sdp,

  connect(url, hello, protocols = ['ringdown.v1']) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, protocols);
      client.socket = socket;
      socket.onopen = () => client.send({ type: 'hello', ...hello });
      socket.onerror = () => reject(new Error('the socket failed'));
      socket.onclose = (event) => {
        client.closed = { code: event.code, reason: event.reason };
        reject(new Error('the socket was closed: ' + event.code + ' ' + event.reason));
      };
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        client.messages.push({ at: performance.now(), ...message });
        if (message.type === 'welcome') resolve(message);
        client.onMessage(message).catch((error) => client.messages.push({ type: 'page-error', text: String(error) }));
      };
    });
  },

  send(message) {
    client.socket.send(JSON.stringify(message));
  },

  async onMessage(message) {
    if (message.type === 'answer') {
      client.call = message.call;
      await client.pc.setRemoteDescription({ type: 'answer', sdp: client.rewrite(message.sdp) });
    } else if (message.type === 'renew') {
      const before = client.pc;
      const sdp = await client.offer();
      client.send({ type: 'update', call: message.call, ref: 'renewed', sdp });
      before.close();
    } else if (message.type === 'codec') {
      await client.pc.setLocalDescription(await client.pc.createOffer());
      await client.pc.setRemoteDescription({ type: 'answer', sdp: client.rewrite(message.sdp) });
    }
  },

  // Opens the microphone as it is: what a browser does to speech would eat a steady tone.
  async offer(microphone = true) {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    client.pc = pc;
    pc.ontrack = (event) => {
      client.remote = event.streams[0] ?? new MediaStream([event.track]);
      ears.listenTo(client.remote);
    };
    if (microphone) {
      client.microphone = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
      client.microphone.getAudioTracks().forEach((track) => pc.addTrack(track, client.microphone));
    } else {
      const context = new AudioContext({ latencyHint: 'playback' });
      const silence = context.createMediaStreamDestination();
      client.microphone = silence.stream;
      client.mouth = { context, into: silence };
      silence.stream.getAudioTracks().forEach((track) => pc.addTrack(track, silence.stream));
    }
    await pc.setLocalDescription();
    return pc.localDescription.sdp;
  },

  // Where the microphone is a silent one: these frequencies together, in the call's sound, until they are over.
  sound(hertz, millis) {
    const { context, into } = client.mouth;
    const until = context.currentTime + millis / 1000;
    return Promise.all(hertz.map((each) => new Promise((resolve) => {
      const tone = new OscillatorNode(context, { frequency: each });
      tone.connect(new GainNode(context, { gain: 0.2 })).connect(into);
      tone.onended = () => resolve(true);
      tone.start();
      tone.stop(until);
    })));
  },

  async start(to, extra = {}, microphone = true) {
    const sdp = await client.offer(microphone);
    client.send({ type: 'start', ref: 'r1', to, sdp, ...extra });
  },

  async accept(call) {
    const sdp = await client.offer();
    client.call = call;
    client.send({ type: 'accept', call, sdp });
  },

  hangUp() {
    client.send({ type: 'hangup', call: client.call });
  },

  // Browser digits; `tones` becomes what the browser says it has begun, and ends with ''.
  tones: [],
  press(digits, duration, gap) {
    const sender = client.pc.getSenders().find((each) => each.track?.kind === 'audio');
    client.tones = [];
    sender.dtmf.ontonechange = (event) => client.tones.push(event.tone);
    sender.dtmf.insertDTMF(digits, duration, gap);
  },

  canPress() {
    return client.pc.getSenders().find((each) => each.track?.kind === 'audio')?.dtmf?.canInsertDTMF ?? null;
  },

  async stats() {
    const report = {};
    (await client.pc.getStats()).forEach((each) => {
      if (['inbound-rtp', 'outbound-rtp', 'transport', 'codec', 'remote-inbound-rtp'].includes(each.type)) {
        report[each.type] = { ...each };
      }
    });
    return report;
  },
};

// What the page hears, recorded by the browser itself. (WebAudio would do in Chromium; without a sound card Firefox never
// starts an AudioContext.)
'use strict';

const ears = {
  stream: null,

  listenTo(stream) {
    // Plays as a page would; muted, so that an absent sound card does not matter.
    ears.element = new Audio();
    ears.element.muted = true;
    ears.element.srcObject = stream;
    ears.element.play().catch(() => {});
    ears.stream = stream;
  },

  // The next while as an Opus file in base64; empty as long as there is no stream.
  async hear(millis) {
    // A recorder does not start on a track that has ended: a call that is over is silent.
    if (!ears.stream?.getAudioTracks().some((track) => track.readyState === 'live')) return '';
    const recorder = new MediaRecorder(ears.stream, { audioBitsPerSecond: 128000 });
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, millis));
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  },
};

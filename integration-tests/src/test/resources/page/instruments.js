// Listens in on a page that makes calls by itself: what its peer connections receive goes to the ears, and its microphone
// is taken without the processing that would eat a steady tone. Nothing of the page's own code is replaced.
'use strict';

{
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...args) {
      super(...args);
      window.lastPeer = this;
      this.addEventListener('track', (event) => ears.listenTo(event.streams[0] ?? new MediaStream([event.track])));
    }
  };
  const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (open) navigator.mediaDevices.getUserMedia = () =>
    open({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
}

// An agent who works by herself, in a page of raw.js: takes what rings, now and then declines or lets it ring. What rings and
// when she is free is kept with the time of day, which all pages of this machine share. She has one microphone for all of her
// calls: a browser has only so many.
'use strict';

const agent = {
  log: [],
  rung: 0,
  microphone: null,
  connections: new Map(),
  note: (what, call, more = {}) => agent.log.push({ at: Date.now(), what, call, ...more }),
  isOver: (call) => agent.log.some((each) => each.what === 'ended' && each.call === call),

  // Takes each call after `after` ms; declines every `declines`th, and lets every `ignores`th ring.
  async work({ after, declines, ignores }) {
    agent.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    client.socket.addEventListener('message', (event) => {
      const message = JSON.parse(event.data);
      if (message.type === 'incoming') {
        agent.rung++;
        agent.note('rings', message.call, { group: message.group, waited: message.waited });
        if (agent.rung % ignores === 0) return;
        const no = agent.rung % declines === 0;
        setTimeout(() => agent.answer(message.call, no), after);
      } else if (message.type === 'answer') {
        agent.note('takes', message.call);
      } else if (message.type === 'ended') {
        agent.note('ended', message.call, { cause: message.cause });
        agent.connections.get(message.call)?.close();
        agent.connections.delete(message.call);
      }
    });
    return true;
  },

  async answer(call, no) {
    if (agent.isOver(call)) return;
    try {
      if (no) client.send({ type: 'reject', call });
      else await agent.accept(call);
    } catch (error) {
      if (!agent.isOver(call)) agent.note('fails', call, { cause: String(error) });
    }
  },

  async accept(call) {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    agent.connections.set(call, pc);
    agent.microphone.getAudioTracks().forEach((track) => pc.addTrack(track, agent.microphone));
    await pc.setLocalDescription();
    client.pc = pc;
    client.call = call;
    client.send({ type: 'accept', call, sdp: pc.localDescription.sdp });
  },
};

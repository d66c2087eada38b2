// An agent who works by herself, in a page of raw.js: takes what rings, now and then declines or lets it ring. What rings and
// when she is free is kept with the time of day, which all pages of this machine share.
'use strict';

const agent = {
  log: [],
  rung: 0,
  note: (what, call, more = {}) => agent.log.push({ at: Date.now(), what, call, ...more }),

  // Takes each call after `after` ms; declines every `declines`th, and lets every `ignores`th ring.
  work({ after, declines, ignores }) {
    client.socket.addEventListener('message', (event) => {
      const message = JSON.parse(event.data);
      if (message.type === 'incoming') {
        agent.rung++;
        agent.note('rings', message.call, { group: message.group, waited: message.waited });
        if (agent.rung % ignores === 0) return;
        setTimeout(() => agent.answer(message.call, agent.rung % declines === 0), after);
      } else if (message.type === 'answer') {
        agent.note('takes', message.call);
      } else if (message.type === 'ended') {
        agent.note('ended', message.call, { cause: message.cause });
        if (message.call === client.call) client.pc?.close();
      }
    });
    return true;
  },

  answer(call, no) {
    if (agent.log.some((each) => each.what === 'ended' && each.call === call)) return;
    if (no) client.send({ type: 'reject', call });
    else client.accept(call);
  },
};

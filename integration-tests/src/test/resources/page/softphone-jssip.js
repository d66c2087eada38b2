// JsSIP behind the words that the tests use (SoftphonePage); the same as in softphone-sipjs.js.
import JsSIP from 'jssip';

const DOMAIN = 'ringdown';
const RECEIPTS = { extraHeaders: ['X-Ringdown-Receipts: yes'] };
const MEDIA = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };

const softphone = {
  story: [],
  calls: [],
  ua: null,

  tell(name, more = {}) {
    softphone.story.push({ name, ...more });
  },

  start({ url, user, password = null, token = null }) {
    const socket = new JsSIP.WebSocketInterface(url);
    softphone.socket = socket;
    softphone.ua = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${user}@${DOMAIN}`,
      ...(password && { password }),
      ...(token && { authorization_jwt: `Bearer ${token}` }),
      register_expires: 120,
      connection_recovery_min_interval: 1,
    });
    softphone.ua.on('registered', () => softphone.tell('registered'));
    softphone.ua.on('unregistered', () => softphone.tell('unregistered'));
    softphone.ua.on('registrationFailed', ({ response }) => softphone.tell('registrationFailed', { status: response?.status_code }));
    softphone.ua.on('newRTCSession', ({ originator, session, request }) => {
      softphone.calls.push(session);
      if (originator === 'remote') softphone.tell('incoming', { from: request.from.uri.user, shown: request.from.display_name });
      for (const [event, name] of [['progress', 'progress'], ['confirmed', 'established'], ['hold', 'hold'], ['unhold', 'unhold']]) {
        session.on(event, (data) => data.originator === 'local' && name === 'progress' || softphone.tell(name));
      }
      session.on('newInfo', ({ originator: by, info }) => by === 'remote' && softphone.tell('info', { type: info.contentType, body: info.body }));
      session.on('ended', () => softphone.tell('ended'));
      session.on('failed', ({ message, cause }) => softphone.tell('ended', { status: message?.status_code, cause }));
    });
    softphone.ua.start();
  },

  stop: () => softphone.ua.unregister(),
  ping: () => softphone.socket.send('\r\n\r\n'),
  call: (to, options = {}) => void softphone.ua.call(`sip:${to}@${DOMAIN}`, { ...MEDIA, ...RECEIPTS, ...options }),
  listen: (n) => ears.listenTo(new MediaStream([softphone.calls[n].connection.getReceivers()[0].track])),
  answer: (n) => softphone.calls[n].answer(MEDIA),
  hangUp: (n) => softphone.calls[n].terminate(),
  hold: (n) => void softphone.calls[n].hold(),
  resume: (n) => void softphone.calls[n].unhold(),
  mute: (n) => softphone.calls[n].mute({ audio: true }),
  press: (n, digit, road) => softphone.calls[n].sendDTMF(digit, { transportType: road === 'rtp' ? 'RFC2833' : 'INFO', duration: 160 }),
  transfer(n, to) {
    const told = (name) => () => softphone.tell(name);
    softphone.calls[n].refer(`sip:${to}@${DOMAIN}`, { eventHandlers: { accepted: told('transferred'), failed: told('transferFailed') } });
  },
  join(n, other) {
    const told = (name) => () => softphone.tell(name);
    softphone.calls[n].refer(softphone.calls[other].remote_identity.uri, {
      replaces: softphone.calls[other],
      eventHandlers: { accepted: told('transferred'), failed: told('transferFailed') },
    });
  },
};

window.softphone = softphone;

// SIP.js behind the words that the tests use (SoftphonePage); the same as in softphone-jssip.js.
import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from 'sip.js';

const DOMAIN = 'ringdown';
const MEDIA = { constraints: { audio: true, video: false } };

const softphone = {
  story: [],
  calls: [],
  ua: null,
  registerer: null,

  tell(name, more = {}) {
    softphone.story.push({ name, ...more });
  },

  async start({ url, user, password = null, token = null }) {
    softphone.headers = token ? [`Authorization: Bearer ${token}`] : [];
    softphone.ua = new UserAgent({
      uri: UserAgent.makeURI(`sip:${user}@${DOMAIN}`),
      authorizationUsername: user,
      ...(password && { authorizationPassword: password }),
      transportOptions: { server: url, keepAliveInterval: 2 },
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] }, iceGatheringTimeout: 500 },
      logLevel: 'error',
      delegate: {
        onInvite: (session) => {
          const { uri, displayName } = session.remoteIdentity;
          softphone.watch(session);
          softphone.tell('incoming', { from: uri.user, shown: displayName });
        },
        onDisconnect: (error) => error && softphone.comeBack(),
      },
    });
    softphone.registerer = new Registerer(softphone.ua, { expires: 120, extraHeaders: softphone.headers });
    softphone.registerer.stateChange.addListener((state) => {
      if (state === RegistererState.Registered) softphone.tell('registered');
      if (state === RegistererState.Unregistered) softphone.tell('unregistered');
    });
    await softphone.ua.start();
    softphone.register();
  },

  register: () => softphone.registerer.register({
    requestDelegate: {
      onAccept: () => softphone.tell('registered'),
      onReject: ({ message }) => softphone.tell('registrationFailed', { status: message.statusCode }),
    },
  }),

  // SIP.js leaves it to its user to connect again.
  comeBack: () => setTimeout(() => softphone.ua.reconnect().then(softphone.register, softphone.comeBack), 500),

  watch(session) {
    softphone.calls.push(session);
    session.delegate = {
      onInfo: (info) => {
        softphone.tell('info', { type: info.request.getHeader('Content-Type'), body: info.request.body });
        info.accept();
      },
      onNotify: (notification) => {
        const told = /SIP\/2.0 ([2-6]\d\d)/.exec(notification.request.body);
        if (told) softphone.tell(told[1] === '200' ? 'transferred' : 'transferFailed');
        notification.accept();
      },
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) softphone.tell('established');
      if (state === SessionState.Terminated) softphone.tell('ended');
    });
  },

  stop: () => softphone.registerer.unregister(),
  ping: () => softphone.ua.transport.send('\r\n\r\n'),
  call(to, options = {}) {
    const inviter = new Inviter(softphone.ua, UserAgent.makeURI(`sip:${to}@${DOMAIN}`), {
      earlyMedia: true,
      extraHeaders: ['X-Ringdown-Receipts: yes'],
      sessionDescriptionHandlerOptions: MEDIA,
      ...options,
    });
    softphone.watch(inviter);
    inviter.invite({ requestDelegate: { onProgress: () => softphone.tell('progress') } });
  },
  listen: (n) => ears.listenTo(new MediaStream([softphone.calls[n].sessionDescriptionHandler.peerConnection.getReceivers()[0].track])),
  answer: (n) => softphone.calls[n].accept({ sessionDescriptionHandlerOptions: MEDIA }),
  hangUp(n) {
    const session = softphone.calls[n];
    if (session.state === SessionState.Established) session.bye();
    else if (session instanceof Inviter) session.cancel();
    else session.reject();
  },
  renew(n, hold) {
    softphone.calls[n].sessionDescriptionHandlerOptionsReInvite = { ...MEDIA, hold };
    softphone.calls[n].invite({ requestDelegate: { onAccept: () => softphone.tell(hold ? 'hold' : 'unhold') } });
  },
  hold: (n) => softphone.renew(n, true),
  resume: (n) => softphone.renew(n, false),
  mute: (n) => softphone.calls[n].sessionDescriptionHandler.enableSenderTracks(false),
  press(n, digit, road) {
    if (road === 'rtp') {
      softphone.calls[n].sessionDescriptionHandler.sendDtmf(digit, { duration: 160 });
    } else {
      const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content: `Signal=${digit}\r\nDuration=160` };
      softphone.calls[n].info({ requestOptions: { body } });
    }
  },
  transfer: (n, to) => softphone.calls[n].refer(UserAgent.makeURI(`sip:${to}@${DOMAIN}`)),
  join: (n, other) => softphone.calls[n].refer(softphone.calls[other]),
};

window.softphone = softphone;

import { RingdownClient } from '/ringdown.js'; // from here, or from the gateway: https://calls.example.com/ringdown.js

const GATEWAY = 'http://127.0.0.1:8080'; // yours
const NUMBER = '+4930123456';
const [callButton, hangupButton, state] = ['call', 'hangup', 'state'].map((id) => document.getElementById(id));
const client = new RingdownClient({ url: GATEWAY, tokenUrl: '/ringdown-token', tokenPer: 'call', resume: false });
window.addEventListener('pagehide', () => client.close()); // a call ends with this page; else: `resume`, and take up what `resumed` brings

callButton.onclick = async () => {
  callButton.disabled = true;
  try {
    await client.connect({ to: NUMBER });
    const call = await client.call({ to: NUMBER });
    hangupButton.hidden = false;
    hangupButton.onclick = () => call.hangup();
    call.addEventListener('statechange', () => { state.textContent = call.state; });
    call.addEventListener('ended', ({ reason }) => {
      state.textContent = `${reason.text} ${reason.hint}`;
      hangupButton.hidden = true;
      callButton.disabled = false;
    });
  } catch (error) {
    state.textContent = `${error.message} ${error.hint}`;
    callButton.disabled = false;
  }
};

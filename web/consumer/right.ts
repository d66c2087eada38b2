// What a page in TypeScript may write: all of the public API, strictly. It is compiled, never run (package.test.js).
import {
  Call, COUNTRY_TONES, DigitReceiptEvent, ERRORS, RingdownClient, RingdownError, countryOf, formatAsTyped, formatNumber,
  normaliseNumber, parseScript, toneFor,
} from '@ringdown/sdk';
import type {
  CallOptions, CallState, CallStats, ClientOptions, ClientState, Device, DigitReceipt, EndReason, MicrophoneChoice, StepRecord,
  TokenFunction,
} from '@ringdown/sdk';
import { Agent } from '@ringdown/sdk/agent';
import type { Colleague } from '@ringdown/sdk/agent';

const token: TokenFunction = async ({ to }) => `for ${to ?? 'nobody'}`;
const options: ClientOptions = { url: 'https://calls.example', token, tokenPer: 'call', numbers: ['+441632960100'], resume: 'desk' };
const client = new RingdownClient(options);
const other = new RingdownClient({ tokenUrl: '/ringdown-token', quality: false, tones: false });

client.addEventListener('statechange', () => { const state: ClientState = client.state; void state; });
client.addEventListener('disconnected', ({ error, retryInMillis }) => { const millis: number | null = retryInMillis; void [error.code, millis]; });
client.addEventListener('incoming', ({ call }) => { void call.accept({ microphone: false, secureInput: true }); call.reject('busy'); });
client.addEventListener('resumed', ({ calls }) => calls.forEach((call) => call.mute()));
client.addEventListener('draining', ({ withinMillis }) => withinMillis.toFixed());
client.addEventListener('devicechange', () => void client.devices());

export async function talk(signal: AbortSignal): Promise<EndReason | null> {
  await client.connect({ persistent: true, to: '+441632960100' });
  const wish: CallOptions = { to: '+441632960100', from: 'anonymous', name: 'Desk', headers: { 'X-Page': 'cart' }, signal };
  const call: Call = await client.call(wish);
  call.addEventListener('statechange', () => { const state: CallState = call.state; void state; });
  call.addEventListener('ended', ({ reason }) => { const { cause, text, hint, retryable, sip } = reason; void [cause, text, hint, retryable, sip?.toFixed()]; });
  call.addEventListener('dtmf', ({ digit, durationMillis }) => digit.repeat(durationMillis));
  call.addEventListener('dtmfreceipt', (event) => { if (event instanceof DigitReceiptEvent) void event.ordinal?.toFixed(); });
  call.addEventListener('quality', ({ verdict, telephone }) => { void [verdict.text, telephone.mos?.toFixed(1)]; });
  call.addEventListener('held', ({ by }) => by.toUpperCase(), { once: true });
  call.addEventListener('transferfailed', ({ error }) => error?.hint);
  call.addEventListener('microphonelost', () => undefined);
  const receipts: DigitReceipt[] = await call.sendDigits('12#', { duration: 120, gap: 80, until: 'confirmed' });
  const steps: StepRecord[] = await call.navigate('{prompt} 1 {beep}', { timeout: 10_000, silence: 900, signal, until: 'sent' });
  const { microphones, speakers } = await client.devices();
  const [first]: Device[] = microphones;
  const choices: MicrophoneChoice[] = [true, false, first.id, { echoCancellation: false }, new MediaStream()];
  await call.setMicrophone(choices[2]);
  await client.setSpeaker(speakers[0]?.id ?? '');
  await call.hold();
  await call.resume();
  await call.transfer('+441632960101');
  await call.transfer(call);
  const secured: boolean = await call.setSecureInput(true);
  const stats: CallStats | null = await call.stats();
  const { own, far } = call.levels();
  call.hangup();
  void [receipts, steps, secured, stats?.roundTripMillis, own + far, call.heldBy, call.microphone?.label, call.remoteStream?.id, call.id];
  return call.reason;
}

export function told(error: unknown): string {
  if (error instanceof RingdownError) {
    const { code, hint, message, retryable, receipts, step } = error;
    return [code, message, hint, retryable, receipts.length, step?.kind, ERRORS[code].text].join(' ');
  }
  return '';
}

const number: string | null = normaliseNumber('+44 1632 960100');
void [number, formatNumber('+441632960100'), formatAsTyped('+44', 3).caret, countryOf('+44'), parseScript('1').length];
void [toneFor('+44', 'busy'), COUNTRY_TONES['44'].busy, other.elsewhere, other.audio.locked];

const agent = new Agent(client);
agent.addEventListener('colleagueschange', () => { const first: Colleague | undefined = agent.colleagues[0]; void first?.calls[0]?.since.getTime(); });
agent.addEventListener('conferencechange', (event) => void [event.call, event.with, event.on]);
agent.addEventListener('supervised', ({ mode, by }) => { const known: 'whisper' | 'barge' | 'none' = mode; void [known, by]; });
export async function work(one: Call, two: Call): Promise<void> {
  await agent.setAvailability('away', 'lunch');
  await agent.watch(true);
  await agent.conference(one, two);
  const supervision = await agent.supervise('0123', 'listen', { microphone: true });
  await supervision.setMode('barge');
  void [agent.self?.groups.join(), agent.availability?.since.getTime(), agent.errandOf(one)?.waitedMillis?.toFixed(), supervision.call.levels().far];
}

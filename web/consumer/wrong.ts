// What must not compile: each line that is wrong is announced, so that a line which compiles after all is an error.
import { RingdownClient, parseScript } from '@ringdown/sdk';
// @ts-expect-error the one file has no registry
import { ERRORS } from '@ringdown/sdk/bundle';

const client = new RingdownClient();
// @ts-expect-error there is no such option
new RingdownClient({ adress: 'wss://calls.example' });
// @ts-expect-error a token is for a session or for each call
new RingdownClient({ tokenPer: 'day' });
// @ts-expect-error a call needs a number
void client.call({});
// @ts-expect-error a number is a text
void client.call({ to: 441632960100 });
// @ts-expect-error the gateway decides what state there is
client.state = 'connected';
// @ts-expect-error a listener knows its event
client.addEventListener('incoming', (event) => event.reason);

const call = await client.call({ to: '+441632960100' });
// @ts-expect-error a promise is no list
call.sendDigits('1').length;
// @ts-expect-error no such road
void call.sendDigits('1', { until: 'heard' });
// @ts-expect-error one does not reject for any reason
call.reject('dislike');
// @ts-expect-error it may not be there yet
call.reason.cause;
// @ts-expect-error of no use to a page
call.prepareOffer(true, 'ref');
// @ts-expect-error a microphone is no number
void call.setMicrophone(7);
// @ts-expect-error a step has a kind
parseScript('1')[0].type;
void ERRORS;

/**
 * The registry of everything that can go wrong, with or without the gateway. docs/sdk.md prints this table; a test holds the two
 * together. The bundle leaves it out: the gateway tells its causes in words.
 */
import { ENDINGS, entry, KNOWN } from './errors.js';

/** How a call ended: the causes of the gateway (docs/protocol.md, "Causes"). */
export const CAUSES = Object.freeze({
  ...ENDINGS,
  'answered-elsewhere': entry('The call was answered somewhere else.', '', false),
  'no-answer': entry('Nobody answered.', 'Try again later.', true),
  rejected: entry('The other side refused the call.', 'They may not want to be called now.', false),
  'unknown-number': entry('This number does not exist.', 'Check the number, the country code included.', false),
  'number-changed': entry('This number has changed.', 'Ask for the new number.', false),
  unavailable: entry('The telephone cannot be reached just now.', 'It may be switched off; try again later.', true),
  congestion: entry('The telephone network is overloaded.', 'Try again in a minute.', true),
  forbidden: entry('This call is not allowed.', 'The operator of this service can allow the destination.', false),
  'media-unreachable': entry(
    'No sound can get through between this browser and the gateway.',
    'A firewall or VPN may be blocking UDP; try another network.',
    true,
  ),
  'media-lost': entry('The sound path to this browser was lost.', 'Check the network connection and call again.', true),
  'media-refused': entry(
    'The secure sound path could not be set up.',
    'Reload the page; if it stays, the browser or a proxy between may be at fault.',
    true,
  ),
  'trunk-silent': entry('The telephone side went silent and the call was ended.', 'Call again.', true),
  'trunk-unreachable': entry(
    'The telephone network does not answer the gateway.',
    'Try again later; the operator should look at the trunk.',
    true,
  ),
  'trunk-unauthorized': entry(
    "The telephone network refused the gateway's credentials.",
    'The operator should check the user name and password of the trunk.',
    false,
  ),
  'no-route': entry(
    'The gateway has no trunk for this number.',
    'Check the country code; the operator can add a route for it.',
    false,
  ),
  'emergency-not-available': entry(
    'Emergency calls cannot be made from here.',
    'Use another phone for this call now.',
    false,
  ),
  'too-many-calls': entry('There are too many calls at once.', 'End another call or wait a moment.', true),
  overloaded: entry('The gateway is at its limit.', 'Try again in a minute.', true),
  shutdown: entry('The gateway is being restarted.', 'Call again in a moment.', true),
  interrupted: entry('The gateway stopped without a warning.', 'Call again.', true),
  transferred: entry('The call was transferred.', '', false),
});

/** Every code of the SDK and of the gateway. @type {Readonly<Record<string, import('./errors.js').ErrorEntry>>} */
export const ERRORS = Object.freeze({ ...CAUSES, ...KNOWN });

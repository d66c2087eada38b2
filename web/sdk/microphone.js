/** Where a call's own sound comes from. */
import { RingdownError } from './errors.js';

/**
 * @typedef {import('./environment.js').Environment} Environment
 * @typedef {import('./audio.js').AudioOutput} AudioOutput
 */

/**
 * What a caller may pass as `microphone`: true (the default microphone), the id of a device, constraints, a stream or track of one's
 * own (which the SDK never stops), or false: no microphone, the other side hears silence.
 *
 * @typedef {boolean | string | MediaTrackConstraints | MediaStream | MediaStreamTrack} MicrophoneChoice
 */

/** What a call sends. `owned`: the SDK opened it and closes it. @typedef {{track: MediaStreamTrack, owned: boolean}} Microphone */

/** Names of DOMException that getUserMedia rejects with. @type {Readonly<Record<string, string>>} */
const CODES = {
  NotAllowedError: 'microphone-denied',
  SecurityError: 'microphone-denied',
  NotFoundError: 'microphone-missing',
  OverconstrainedError: 'microphone-missing',
};

/**
 * @param {MicrophoneChoice} choice
 * @param {Environment} environment
 * @param {AudioOutput} output
 * @returns {Promise<Microphone>}
 * @throws {RingdownError} microphone-denied, microphone-missing, microphone-busy, insecure-page
 */
export async function openMicrophone(choice, environment, output) {
  if (choice === false) {
    const track = output.silentTrack();
    if (!track) {
      throw new RingdownError('no-webrtc');
    }
    return { track, owned: true };
  }
  if (typeof choice === 'object' && 'getAudioTracks' in choice) {
    const [track] = choice.getAudioTracks();
    if (!track) {
      throw new RingdownError('microphone-missing');
    }
    return { track, owned: false };
  }
  if (typeof choice === 'object' && 'readyState' in choice) {
    return { track: /** @type {MediaStreamTrack} */ (choice), owned: false };
  }
  if (!environment.mediaDevices) {
    throw new RingdownError(environment.secure ? 'no-webrtc' : 'insecure-page');
  }
  const audio = typeof choice === 'string' ? { deviceId: { exact: choice } } : choice;
  try {
    const stream = await environment.mediaDevices.getUserMedia({ audio, video: false });
    return { track: stream.getAudioTracks()[0], owned: true };
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    throw new RingdownError(CODES[name] ?? 'microphone-busy', { cause });
  }
}

/** @param {Microphone} microphone */
export function release({ track, owned }) {
  if (owned) {
    track.stop();
  } else {
    track.enabled = true; // as the page gave it, whatever mute() did
  }
}

/**
 * What of a choice can be told to the page that comes after a reload.
 *
 * @param {MicrophoneChoice} choice
 * @param {Microphone} microphone that it has led to
 * @returns {string | boolean} a deviceId; true: the default microphone; false: none
 */
export function rememberable(choice, { track }) {
  return choice !== true && choice !== false && track.getSettings?.().deviceId ? String(track.getSettings().deviceId) : choice !== false;
}

/**
 * @param {string | boolean} remembered
 * @returns {MicrophoneChoice}
 */
export function choiceOf(remembered) {
  return typeof remembered === 'string' ? { deviceId: remembered } : remembered;
}

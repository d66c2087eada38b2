/** The microphones and speakers that this browser lets the page know. */
import { RingdownError } from './errors.js';

/**
 * @typedef {object} Device
 * @property {string} id for setMicrophone() and setSpeaker()
 * @property {string} label as the system names it; empty until the person has let the page use the microphone
 */

/** @typedef {{microphones: Device[], speakers: Device[]}} Devices `speakers` is empty where the browser keeps them to itself */

/**
 * @param {import('./environment.js').Environment} environment
 * @returns {Promise<Devices>}
 * @throws {RingdownError} insecure-page, no-webrtc
 */
export async function listDevices({ mediaDevices, secure }) {
  if (!mediaDevices) {
    throw new RingdownError(secure ? 'no-webrtc' : 'insecure-page');
  }
  const all = await mediaDevices.enumerateDevices();
  const named = (/** @type {MediaDeviceKind} */ kind) =>
    all.flatMap((device) => (device.kind === kind && device.deviceId ? [{ id: device.deviceId, label: device.label }] : []));
  return { microphones: named('audioinput'), speakers: named('audiooutput') };
}

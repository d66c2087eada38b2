/**
 * What the SDK takes from the browser, in one place, so that tests can give it something else.
 *
 * @typedef {object} Environment
 * @property {typeof WebSocket} WebSocket
 * @property {typeof fetch} fetch
 * @property {typeof RTCPeerConnection} [RTCPeerConnection]
 * @property {MediaDevices} [mediaDevices]
 * @property {typeof AudioContext} [AudioContext]
 * @property {typeof MediaStream} [MediaStream]
 * @property {typeof Audio} [Audio]
 * @property {EventTarget} [window] where `online`, `pageshow` and the person's gestures are heard
 * @property {EventTarget & {readonly type?: string}} [network] navigator.connection: where a change of the network is heard
 * @property {Storage} [storage] of this tab alone
 * @property {{readonly hasBeenActive: boolean}} [userActivation] whether the person has touched this page
 * @property {boolean} secure whether this page may have a microphone at all
 * @property {() => number} random 0 ≤ n < 1
 * @property {() => number} now milliseconds since whenever, never going back
 */

/** @returns {Environment} */
export function browserEnvironment() {
  return {
    WebSocket: globalThis.WebSocket,
    fetch: (...request) => globalThis.fetch(...request),
    RTCPeerConnection: globalThis.RTCPeerConnection,
    mediaDevices: globalThis.navigator?.mediaDevices,
    AudioContext: globalThis.AudioContext,
    MediaStream: globalThis.MediaStream,
    Audio: globalThis.Audio,
    window: typeof globalThis.addEventListener === 'function' ? globalThis : undefined,
    network: /** @type {any} */ (globalThis.navigator)?.connection,
    storage: tabStorage(),
    userActivation: globalThis.navigator?.userActivation,
    secure: globalThis.isSecureContext === true,
    random: Math.random,
    now: () => performance.now(),
  };
}

/** @returns {Storage | undefined} undefined where the browser is told to keep nothing */
function tabStorage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Looks before the first call whether there will be a microphone, and says so if not. */

/** @typedef {import('./notices.js').Notices} Notices */

const KEY = 'microphone';

/**
 * @param {Notices} notices
 * @param {(without: boolean) => void} onChange told whether calls can only be listened to
 */
export async function watchMicrophone(notices, onChange) {
  const look = async () => {
    const problem = await problemWithMicrophone();
    onChange(problem !== null);
    if (problem) {
      notices.show(KEY, problem.title, problem.text);
    } else {
      notices.clear(KEY);
    }
  };
  await look();
  navigator.mediaDevices?.addEventListener('devicechange', look);
  const permission = await permissionStatus();
  permission?.addEventListener('change', look);
}

/** @returns {Promise<{title: string, text: string} | null>} */
async function problemWithMicrophone() {
  const listen = 'You can still call and listen; the other side hears silence.';
  if (typeof RTCPeerConnection === 'undefined') {
    return {
      title: 'This browser cannot make calls.',
      text: 'Use a current Chromium, Firefox or Safari. WebRTC may be switched off in its settings.',
    };
  }
  if (!navigator.mediaDevices) {
    return {
      title: 'This page has no microphone because it was not loaded over https.',
      text: `Browsers give a microphone only to https pages and to http://localhost. ${listen}`,
    };
  }
  if ((await permissionStatus())?.state === 'denied') {
    return {
      title: 'The microphone is blocked for this page.',
      text: `Allow it at the left of the address bar. ${listen}`,
    };
  }
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some((device) => device.kind === 'audioinput')) {
    return { title: 'No microphone was found.', text: `Plug one in. ${listen}` };
  }
  return null;
}

/** @returns {Promise<PermissionStatus | null>} null where the browser does not tell */
async function permissionStatus() {
  try {
    return await navigator.permissions.query({ name: /** @type {PermissionName} */ ('microphone') });
  } catch {
    return null;
  }
}

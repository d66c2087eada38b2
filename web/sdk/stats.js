/** The few figures of getStats() that say how a call is doing. Pure. */

/**
 * How sound gets to the gateway: straight there, by UDP or by TCP, or through a TURN server, by the way to that; empty while unknown.
 *
 * @typedef {'udp'|'tcp'|'relay-udp'|'relay-tcp'|'relay-tls'|''} Path
 */

/**
 * @typedef {object} CallStats
 * @property {string} codec of what is sent, such as `audio/opus`; empty while unknown
 * @property {number | null} roundTripMillis to the gateway
 * @property {number | null} jitterMillis of what arrives
 * @property {number} packetsReceived
 * @property {number} packetsLost
 * @property {number} packetsSent
 * @property {number} concealedSeconds sound the browser had to invent
 * @property {Path} path
 * @property {RTCStatsReport} report all the browser knows
 */

/**
 * @param {RTCStatsReport} report
 * @returns {CallStats}
 */
export function summarise(report) {
  /** @type {any[]} */
  const all = [...report.values()];
  const inbound = all.find((entry) => entry.type === 'inbound-rtp' && entry.kind === 'audio') ?? {};
  const outbound = all.find((entry) => entry.type === 'outbound-rtp' && entry.kind === 'audio') ?? {};
  const remote = all.find((entry) => entry.type === 'remote-inbound-rtp' && entry.kind === 'audio') ?? {};
  const pair = chosenPair(report, all) ?? {};
  const roundTripSeconds = remote.roundTripTime ?? pair.currentRoundTripTime;
  return {
    codec: report.get(outbound.codecId)?.mimeType ?? '',
    roundTripMillis: roundTripSeconds === undefined ? null : roundTripSeconds * 1000,
    jitterMillis: inbound.jitter === undefined ? null : inbound.jitter * 1000,
    packetsReceived: inbound.packetsReceived ?? 0,
    packetsLost: inbound.packetsLost ?? 0,
    packetsSent: outbound.packetsSent ?? 0,
    concealedSeconds: concealed(inbound),
    path: pathOf(report),
    report,
  };
}

/**
 * @param {RTCStatsReport} report
 * @returns {{own: number, far: number}} how loud both sides are, 0 to 1, as the browser measures it
 */
export function levelsOf(report) {
  /** @type {any[]} */
  const all = [...report.values()];
  const loudness = (/** @type {string} */ type) =>
    all.find((entry) => entry.type === type && entry.kind === 'audio')?.audioLevel ?? 0;
  return { own: loudness('media-source'), far: loudness('inbound-rtp') };
}

/**
 * @param {RTCStatsReport} report
 * @returns {{reportedAt: number, remoteLost: number, remoteJitterMillis: number}} what the gateway has told of what it gets; `reportedAt`
 *   0: nothing yet
 */
export function remoteReception(report) {
  /** @type {any[]} */
  const all = [...report.values()];
  const { timestamp = 0, packetsLost = 0, jitter = 0 } = all.find((entry) => entry.type === 'remote-inbound-rtp' && entry.kind === 'audio') ?? {};
  return { reportedAt: timestamp, remoteLost: packetsLost, remoteJitterMillis: jitter * 1000 };
}

/**
 * @param {RTCStatsReport} report
 * @returns {Path}
 */
export function pathOf(report) {
  const { candidateType, protocol, relayProtocol } =
    /** @type {any} */ (report.get(chosenPair(report, [...report.values()])?.localCandidateId)) ?? {};
  if (candidateType === 'relay') {
    return /** @type {Path} */ (`relay-${relayProtocol ?? protocol}`);
  }
  return protocol ?? '';
}

/**
 * @param {RTCStatsReport} report
 * @param {any[]} all
 */
function chosenPair(report, all) {
  const transport = all.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId);
  return transport
    ? report.get(transport.selectedCandidatePairId)
    : (all.find(({ type, selected }) => type === 'candidate-pair' && selected) ??
        all.find((entry) => entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded'));
}

/** @param {{concealedSamples?: number, silentConcealedSamples?: number}} inbound */
function concealed({ concealedSamples = 0, silentConcealedSamples = 0 }) {
  return (concealedSamples - silentConcealedSamples) / 48_000; // browsers count at their own 48 kHz
}

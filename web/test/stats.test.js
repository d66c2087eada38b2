import assert from 'node:assert/strict';
import test from 'node:test';
import { summarise } from '../sdk/stats.js';

const report = (...entries) => new Map(entries.map((entry) => [entry.id, entry]));

test('the figures that matter are picked out of the report', () => {
  const figures = summarise(
    report(
      { id: 'in', type: 'inbound-rtp', kind: 'audio', jitter: 0.004, packetsReceived: 500, packetsLost: 3,
        concealedSamples: 9600, silentConcealedSamples: 4800 },
      { id: 'out', type: 'outbound-rtp', kind: 'audio', packetsSent: 510, codecId: 'codec' },
      { id: 'rin', type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.031 },
      { id: 'codec', type: 'codec', mimeType: 'audio/opus' },
      { id: 'tr', type: 'transport', selectedCandidatePairId: 'pair' },
      { id: 'pair', type: 'candidate-pair', localCandidateId: 'local', currentRoundTripTime: 0.5 },
      { id: 'local', type: 'local-candidate', candidateType: 'prflx', protocol: 'tcp' },
    ),
  );
  const { report: whole, ...rest } = figures;
  assert.deepEqual(rest, {
    codec: 'audio/opus', roundTripMillis: 31, jitterMillis: 4, packetsReceived: 500, packetsLost: 3, packetsSent: 510,
    concealedSeconds: 0.1, path: 'tcp',
  });
  assert.equal(whole.size, 7);
});

test('where the browser has no transport entry, the nominated pair tells the path', () => {
  const figures = summarise(
    report(
      { id: 'p', type: 'candidate-pair', nominated: true, state: 'succeeded', localCandidateId: 'l', currentRoundTripTime: 0.002 },
      { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
    ),
  );
  assert.equal(figures.path, 'udp');
  assert.equal(figures.roundTripMillis, 2);
});

test('a call without media yet has figures all the same', () => {
  const { report: whole, ...rest } = summarise(new Map());
  assert.deepEqual(rest, {
    codec: '', roundTripMillis: null, jitterMillis: null, packetsReceived: 0, packetsLost: 0, packetsSent: 0,
    concealedSeconds: 0, path: '',
  });
  assert.equal(whole.size, 0);
});

test('a path through a TURN server is called by the way to that', () => {
  for (const relayProtocol of ['udp', 'tcp', 'tls']) {
    const figures = summarise(
      report(
        { id: 'other', type: 'candidate-pair', nominated: true, state: 'succeeded', localCandidateId: 'host' },
        { id: 'pair', type: 'candidate-pair', selected: true, localCandidateId: 'relay' },
        { id: 'host', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
        { id: 'relay', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol },
      ),
    );
    assert.equal(figures.path, `relay-${relayProtocol}`);
  }
});

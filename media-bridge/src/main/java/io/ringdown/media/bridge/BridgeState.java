package io.ringdown.media.bridge;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.RecentEvent;
import io.ringdown.media.rtp.ReceptionState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a bridge has to know to go on with its trunk's leg where another one has stopped. No digit is in it.
 *
 * @param stream ours towards the trunk
 * @param heard the trunk's stream, if one was heard
 * @param carriesEvents whether that stream has carried telephone-events itself
 * @param remoteLost what the trunk has lost of ours, as its last report said
 * @param recentEvents telephone-events of the trunk whose packets may still come, all of them told
 * @param nextPress the number of the next press
 * @param isRoadKnown whether it was said by which road presses go
 * @param road that road, if one leads to the trunk
 * @param isHearingTones whether tones of the trunk are told as presses
 * @param listenSilenceNanos the silence that is told of, if somebody listens to the line
 * @param isMuted whether the trunk hears silence in place of the browser
 * @param isSecureInput whether digits are kept from who listens
 * @param isWebHeard whether sound has come from the browser, so that its absence means something
 * @param holdPosition how far the music has come, in samples of 8 kHz, if the trunk is held
 */
public record BridgeState(
        Stream stream,
        Optional<ReceptionState> heard,
        boolean carriesEvents,
        long remoteLost,
        List<RecentEvent> recentEvents,
        long nextPress,
        boolean isRoadKnown,
        Optional<DtmfRoad> road,
        boolean isHearingTones,
        OptionalLong listenSilenceNanos,
        boolean isMuted,
        boolean isSecureInput,
        boolean isWebHeard,
        OptionalLong holdPosition) {
    public BridgeState {
        recentEvents = List.copyOf(recentEvents);
    }

    /**
     * A stream of ours between two packets.
     *
     * @param ssrc its synchronisation source
     * @param sequence of the next packet; the low 16 bits count
     * @param timestamp of the next packet
     * @param dueNanos when that packet is due, from the moment of writing on; negative if it was due before
     * @param packets sent so far
     * @param octets of payload sent so far
     */
    public record Stream(int ssrc, int sequence, int timestamp, long dueNanos, long packets, long octets) {}
}

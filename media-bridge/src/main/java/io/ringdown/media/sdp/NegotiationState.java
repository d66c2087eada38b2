package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was offered and agreed in one dialog with a trunk (RFC 3264), so that the next description goes on from there. Holds
 * keys, in the descriptions too; it never prints itself.
 *
 * @param sessionId of {@code o=}
 * @param version of {@code o=}, of our last description; 0 if there was none
 * @param lastBody our last description without its head
 * @param peersOffer the trunk's last offer that was accepted
 * @param audioIndex of the audio among its media
 * @param isMuxed whether reports share RTP's port
 * @param lastAddress the trunk's last address that was one
 * @param agreed what the leg carries
 * @param standingEvents the telephone-events of our last offer that holds
 * @param ours the direction of our side
 * @param isHeldByTrunk whether the trunk has put us on hold
 * @param isSecure whether our next offer says RTP/SAVP
 * @param ourKeys the keys of ours that hold or were offered
 */
public record NegotiationState(
        long sessionId,
        long version,
        String lastBody,
        Optional<String> peersOffer,
        int audioIndex,
        boolean isMuxed,
        Optional<String> lastAddress,
        Optional<Format> agreed,
        List<Event> standingEvents,
        Direction ours,
        boolean isHeldByTrunk,
        boolean isSecure,
        List<Key> ourKeys) {
    public NegotiationState {
        standingEvents = List.copyOf(standingEvents);
        ourKeys = List.copyOf(ourKeys);
    }

    @Override
    public String toString() {
        return "NegotiationState[masked]";
    }

    /** A telephone-event under its number. */
    public record Event(int payloadType, int clockRate) {}

    /** One suite's key and salt in base64. */
    public record Key(SrtpProfile suite, String key, String salt) {
        static Key of(SrtpProfile suite, SrtpKeys.Master master) {
            Base64.Encoder text = Base64.getEncoder();
            return new Key(suite, text.encodeToString(master.key()), text.encodeToString(master.salt()));
        }

        SrtpKeys.Master master() {
            Base64.Decoder bytes = Base64.getDecoder();
            return new SrtpKeys.Master(bytes.decode(key), bytes.decode(salt));
        }

        @Override
        public String toString() {
            return "Key[masked]";
        }
    }

    /** {@link TrunkFormat} with its addresses and keys as text. */
    public record Format(
            AudioCodec codec,
            int payloadType,
            OptionalInt eventPayloadType,
            OptionalInt theirEventPayloadType,
            int ptimeMillis,
            String rtpAddress,
            int rtpPort,
            String rtcpAddress,
            int rtcpPort,
            boolean weSend,
            boolean theySend,
            Optional<SrtpState.Keys> keys) {

        /** As text. */
        public static Format of(TrunkFormat format) {
            return new Format(
                    format.codec(),
                    format.payloadType(),
                    format.eventPayloadType(),
                    format.theirEventPayloadType(),
                    format.ptimeMillis(),
                    format.rtp().getAddress().getHostAddress(),
                    format.rtp().getPort(),
                    format.rtcp().getAddress().getHostAddress(),
                    format.rtcp().getPort(),
                    format.weSend(),
                    format.theySend(),
                    format.keys().map(SrtpState.Keys::of));
        }

        /** As it was. */
        public TrunkFormat format() {
            return new TrunkFormat(
                    codec,
                    payloadType,
                    eventPayloadType,
                    theirEventPayloadType,
                    ptimeMillis,
                    new InetSocketAddress(InetAddress.ofLiteral(rtpAddress), rtpPort),
                    new InetSocketAddress(InetAddress.ofLiteral(rtcpAddress), rtcpPort),
                    weSend,
                    theySend,
                    keys.map(SrtpState.Keys::keys));
        }
    }
}

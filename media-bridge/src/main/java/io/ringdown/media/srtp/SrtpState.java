package io.ringdown.media.srtp;

import java.util.Base64;
import java.util.List;

/**
 * The keys of a leg's SRTP and how far each direction has come with them, so that neither begins anew under the same keys: no
 * index is used twice (RFC 3711 §9.1), and nothing that was heard is heard again. A secret; it never prints itself.
 *
 * @param keys both directions
 * @param ours the streams that we have sealed
 * @param theirs the streams that we have opened
 */
public record SrtpState(Keys keys, List<Turn> ours, List<Turn> theirs) {
    public SrtpState {
        ours = List.copyOf(ours);
        theirs = List.copyOf(theirs);
    }

    @Override
    public String toString() {
        return "SrtpState[masked]";
    }

    /**
     * How far one SSRC has come.
     *
     * @param ssrc the synchronisation source
     * @param index of its newest packet: the rollover counter and the sequence number (RFC 3711 §3.3.1); −1 if there was none
     * @param controlIndex of its newest report (RFC 3711 §3.4); −1 if there was none
     */
    public record Turn(int ssrc, long index, long controlIndex) {}

    /** {@link SrtpKeys} as text: keys and salts in base64. */
    public record Keys(SrtpProfile profile, String ourKey, String ourSalt, String theirKey, String theirSalt) {

        /** As text. */
        public static Keys of(SrtpKeys keys) {
            return new Keys(
                    keys.profile(),
                    text(keys.ours().key()),
                    text(keys.ours().salt()),
                    text(keys.theirs().key()),
                    text(keys.theirs().salt()));
        }

        /** As keys. */
        public SrtpKeys keys() {
            return new SrtpKeys(
                    profile,
                    new SrtpKeys.Master(bytes(ourKey), bytes(ourSalt)),
                    new SrtpKeys.Master(bytes(theirKey), bytes(theirSalt)));
        }

        private static String text(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        private static byte[] bytes(String text) {
            return Base64.getDecoder().decode(text);
        }

        @Override
        public String toString() {
            return "Keys[masked]";
        }
    }
}

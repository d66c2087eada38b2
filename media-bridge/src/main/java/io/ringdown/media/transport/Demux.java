package io.ringdown.media.transport;

import io.ringdown.media.ice.IcePath;
import io.ringdown.media.ice.StunRequest;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Tells apart what comes from browsers by its first octet (RFC 7983 §7), and whose it is: a check by the fragment it names, the rest
 * by where it comes from. On its loop's thread.
 */
final class Demux {
    private final byte[] packet;
    private final int longest;
    private final Counts<Noise> noise;
    private final UfragTable<CallMedia> ufrags = new UfragTable<>();
    private final StunRequest check = new StunRequest();

    /**
     * @param packet where the loop puts what has come
     * @param longest what is this long or longer has been cut
     */
    Demux(byte[] packet, int longest, Counts<Noise> noise) {
        this.packet = packet;
        this.longest = longest;
        this.noise = noise;
    }

    /** Lists a call under these fragments instead of those, and answers these. */
    List<Long> list(CallMedia call, List<Long> before, List<Long> after) {
        before.forEach(ufrags::remove);
        for (long key : after) {
            ufrags.put(key, call);
        }
        return after;
    }

    /** How many fragments are listed. */
    int ufrags() {
        return ufrags.size();
    }

    /** Takes the packet of this size. */
    void onDatagram(WebChannel web, InetSocketAddress from, int size, long now) {
        if (size < 2 || size >= longest) {
            noise.add(Noise.NOT_MEDIA);
            return;
        }
        int first = packet[0] & 0xff;
        if (first <= 3) {
            onStun(web, from, size, now);
            return;
        }
        boolean dtls = first >= 20 && first <= 63;
        if (!dtls && (first < 128 || first > 191)) {
            noise.add(Noise.NOT_MEDIA);
            return;
        }
        CallMedia call = web.callAt(from);
        if (call == null) {
            noise.add(Noise.UNKNOWN_ADDRESS);
        } else if (dtls) {
            call.onDtls(packet, size, from, web.index(), now);
        } else {
            call.onSrtp(packet, size, from, web.index(), now);
        }
    }

    private void onStun(WebChannel web, InetSocketAddress from, int size, long now) {
        if (!check.read(packet, 0, size)) {
            noise.add(Noise.BAD_STUN);
            return;
        }
        CallMedia call = ufrags.get(check.ufragKey());
        if (call == null) {
            noise.add(Noise.UNKNOWN_UFRAG);
            return;
        }
        call.onCheck(check, web, new IcePath(from, web.index()), now);
    }
}

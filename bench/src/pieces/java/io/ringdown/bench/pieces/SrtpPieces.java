package io.ringdown.bench.pieces;

import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.srtp.SrtpCiphers;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpSession;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SRTP on a packet of Opus. A packet is opened once only, so what is measured is sealing, and sealing with opening. */
@State(Scope.Thread)
public class SrtpPieces {
    private static final int PAYLOAD = 63;

    @Param
    public SrtpProfile profile;

    private final byte[] packet = new byte[400];
    private SrtpSession ours;
    private SrtpSession theirs;
    private int sequence;

    @Setup(Level.Trial)
    public void open() {
        SrtpCiphers.choose();
        byte[] material = new byte[SrtpKeys.materialLength(profile)];
        new Random(1).nextBytes(material);
        ours = new SrtpSession(SrtpKeys.of(profile, material.clone(), true));
        theirs = new SrtpSession(SrtpKeys.of(profile, material.clone(), false));
    }

    @TearDown(Level.Trial)
    public void close() {
        ours.close();
        theirs.close();
    }

    @Benchmark
    public int seal() {
        RtpPacket.writeHeader(packet, 0, false, 111, ++sequence & 0xffff, 960 * sequence, 7);
        return ours.seal(packet, 0, RtpPacket.HEADER_LENGTH + PAYLOAD);
    }

    @Benchmark
    public int sealAndOpen() {
        int length = theirs.open(packet, 0, seal());
        if (length != RtpPacket.HEADER_LENGTH + PAYLOAD) {
            throw new IllegalStateException("not opened: " + length);
        }
        return length;
    }
}

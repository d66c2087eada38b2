package io.ringdown.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One call at the far end: talks and listens from its answer to the BYE. On the wheel, but for what says otherwise. */
final class TrunkLeg extends Wheel.Member implements Talk.Sink {
    private static final int REPORTS_EVERY = 50; // frames

    private final Side side;
    private final int place;
    private final UdpSocket rtp;
    private final UdpSocket rtcp;
    private final byte[] received = new byte[UdpSocket.CAPACITY];
    private final Optional<SrtpPair> srtp;
    private final Listener listener;
    private final FrameMatcher ear;
    private @Nullable Talk talk;
    private int turns;
    private int drops;

    /** Any thread, before {@link #answer}. */
    TrunkLeg(Side side, int place, Optional<SrtpPair> srtp) throws IOException {
        this.srtp = srtp;
        this.side = side;
        this.place = place;
        rtp = UdpSocket.open(0);
        rtcp = UdpSocket.open(0);
        listener = Listener.of(side.codecs(), side.format());
        ear = new FrameMatcher(side.board(), place, Board.Way.TO_TRUNK, side.format(), listener, side.figures());
    }

    int port() {
        return rtp.port();
    }

    int rtcpPort() {
        return rtcp.port();
    }

    /** The far end lifts: talks towards this address. Any thread, once. */
    void answer(InetSocketAddress gateway) throws IOException {
        rtp.connect(gateway);
        long now = System.nanoTime();
        Random random = side.random(place);
        long begin = Wheel.toTick(now + random.nextLong(Speech.FRAME_NANOS));
        talk = new Talk(
                new Talk.Subject(side.board(), place, Board.Way.TO_WEB, side.format(), side.speech()),
                new Line(side.line(), place, random),
                ThreadLocalRandom.current().nextInt(),
                random.nextInt(),
                begin,
                side.figures(),
                this);
        side.board().set(place, Board.Fact.ANSWERED_AT, now);
        side.wheel().join(this, begin);
    }

    /** The far end was hung up. Any thread. */
    void end() {
        side.wheel().leave(this);
        side.board().set(place, Board.Fact.ENDED_AT, System.nanoTime());
    }

    @Override
    long onDue(long dueNanos) {
        Talk talking = java.util.Objects.requireNonNull(talk);
        long next = talking.onDue(dueNanos);
        for (int length = rtp.receive(received); length >= 0; length = rtp.receive(received)) {
            if (length > 0 && RtpPacket.isRtp(received, length)) {
                hear(length, side.clock().toNanoTime(rtp.stampNanos()));
            }
        }
        if (rtp.drops() != drops) {
            side.figures().socketDrops += rtp.drops() - drops;
            drops = rtp.drops();
        }
        if (++turns % REPORTS_EVERY == 0) {
            while (rtcp.receive(received) >= 0) {
                // reports are taken, so that the gateway's find an open port
            }
        }
        return next;
    }

    @Override
    void onLeft() {
        rtp.close();
        rtcp.close();
        listener.close();
    }

    @Override
    public int seal(byte[] packet, int length) {
        return srtp.isPresent() ? srtp.get().seal(packet, length, RtpPacket.ssrc(packet)) : length;
    }

    @Override
    public boolean send(byte[] packet, int length) {
        return rtp.send(packet, length);
    }

    private void hear(int sealed, long at) {
        int length = srtp.isPresent() ? srtp.get().open(received, sealed, RtpPacket.ssrc(received)) : sealed;
        if (length < 0) {
            side.figures().srtpErrors++;
            return;
        }
        if (RtpPacket.payloadType(received) != side.format().payloadType()) {
            return;
        }
        int from = RtpPacket.payloadAt(received, length);
        boolean first = !ear.isHeard();
        ear.onPacket(RtpPacket.sequence(received), RtpPacket.timestamp(received), received, from, length - from, at);
        if (first && ear.isHeard()) {
            side.board().set(place, Board.Fact.HEARD_AT_TRUNK, ear.heardAt());
        }
    }
}

package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call at the far end: talks and listens in G.711 from its answer to the BYE. Packets run on the loop. */
final class TrunkCall implements Loop.Member {
    private static final int PACKET = 2_048;

    private final Driver driver;
    private final Conversation conversation;
    private final DatagramChannel rtp = open();
    private final DatagramChannel rtcp;
    private final byte[] received = new byte[PACKET];
    private final ByteBuffer receiving = ByteBuffer.wrap(received);
    private final byte[] sending = new byte[PACKET];
    private final short[] pcm = new short[PACKET];
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private final int timestampBase = ThreadLocalRandom.current().nextInt();
    private final MarkDetector marks = new MarkDetector();
    private final AudioDecoder decoder;
    private final CompletableFuture<Long> answered = new CompletableFuture<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private final CompletableFuture<Long> heard = new CompletableFuture<>();
    private @Nullable Talk talk;

    TrunkCall(Driver driver, Conversation conversation) throws IOException {
        this.driver = driver;
        this.conversation = conversation;
        this.decoder = driver.codecs().decoder(driver.trunkCodec(), 8_000);
        this.rtcp = nextTo(rtp);
    }

    int port() {
        return port(rtp);
    }

    int rtcpPort() {
        return port(rtcp);
    }

    /** The far end lifts: talks towards this address. */
    void answer(InetSocketAddress gateway) throws IOException {
        rtp.connect(gateway);
        long now = System.nanoTime();
        talk = new Talk(
                now + ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(20)), driver.lateness());
        driver.trunkLoop().join(this, rtp);
        driver.trunkLoop().join(this, rtcp);
        answered.complete(now);
    }

    /** The far end has hung up or was hung up. */
    void end() {
        if (ended.complete(System.nanoTime())) {
            driver.trunkLoop().leave(this);
            try {
                rtp.close();
                rtcp.close();
            } catch (IOException e) {
                driver.counts().sendErrors.increment();
            }
        }
    }

    /** When it answered. */
    CompletableFuture<Long> answered() {
        return answered;
    }

    /** When the first packet came. */
    CompletableFuture<Long> heard() {
        return heard;
    }

    /** When it ended. */
    CompletableFuture<Long> ended() {
        return ended;
    }

    @Override
    public long onTime(long now) {
        Talk talking = talk;
        if (talking == null || ended.isDone()) {
            return Long.MAX_VALUE;
        }
        while (talking.isDue(now)) {
            speak(talking.take(now));
        }
        return talking.next();
    }

    @Override
    public void onReadable(DatagramChannel from) throws IOException {
        boolean media = from.equals(rtp);
        receiving.clear();
        while (media ? from.read(receiving) > 0 : from.receive(receiving) != null) {
            int length = receiving.position();
            if (media && RtpPacket.isRtp(received, length)) {
                hear(length, System.nanoTime());
            }
            receiving.clear();
        }
    }

    private void hear(int length, long now) {
        driver.counts().trunkReceived.increment();
        if (RtpPacket.payloadType(received) != driver.trunkPayloadType()) {
            return;
        }
        heard.complete(now);
        int at = RtpPacket.payloadAt(received, length);
        int samples = decoder.decode(received, at, length - at, pcm);
        boolean mark = samples > 0 && marks.onFrame(pcm, samples);
        conversation.toTrunk().onReceived(RtpPacket.timestamp(received), 160, mark, now);
    }

    private void speak(long frame) {
        byte[] payload = driver.g711(driver.trunkCodec()).packet(frame);
        RtpPacket.write(
                sending, driver.trunkPayloadType(), (int) frame, timestampBase + (int) frame * payload.length, ssrc);
        System.arraycopy(payload, 0, sending, RtpPacket.HEADER, payload.length);
        conversation.toWeb().onSent(frame, System.nanoTime());
        try {
            rtp.write(ByteBuffer.wrap(sending, 0, RtpPacket.HEADER + payload.length));
            driver.counts().trunkSent.increment();
        } catch (IOException e) {
            driver.counts().sendErrors.increment();
        }
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        channel.configureBlocking(false);
        return channel;
    }

    /** For reports: the next port where it is free, else any. */
    private static DatagramChannel nextTo(DatagramChannel rtp) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        InetAddress local = InetAddress.ofLiteral("127.0.0.1");
        try {
            channel.bind(new InetSocketAddress(local, port(rtp) + 1));
        } catch (IOException e) {
            channel.bind(new InetSocketAddress(local, 0));
        }
        return channel;
    }

    private static int port(DatagramChannel channel) {
        try {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static int payloadType(AudioCodec law) {
        return law == AudioCodec.PCMA ? 8 : 0;
    }

    @Override
    public String toString() {
        return "TrunkCall" + Arrays.asList(answered, heard, ended);
    }
}

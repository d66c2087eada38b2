package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * One browser-like end: an offer over HTTP, ICE checks, DTLS-SRTP as client, then speech. {@link #dial} and {@link #hangUp} block
 * and are for a thread of the caller's; packets run on the loop.
 */
final class WebLeg implements Loop.Member {
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CONSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500); // as browsers do
    private static final int PACKET = 2_048;
    private static final byte[] CLOSED = {};

    private final Driver driver;
    private final Conversation conversation;
    private final DatagramChannel channel;
    private final byte[] received = new byte[PACKET];
    private final byte[] sending = new byte[PACKET];
    private final ByteBuffer receiving = ByteBuffer.wrap(received);
    private final short[] pcm = new short[960];
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private final int timestampBase = ThreadLocalRandom.current().nextInt();
    private final String ufrag = token(8);
    private final String password = token(24);
    private final MarkDetector marks = new MarkDetector();
    private final BlockingQueue<byte[]> records = new ArrayBlockingQueue<>(64);
    private final CompletableFuture<Void> checked = new CompletableFuture<>();
    private volatile @Nullable Remote remote;
    private volatile @Nullable Media media;
    private DtlsClient.@Nullable Association association;
    private Optional<URI> location = Optional.empty();
    private long nextCheck;

    /** What the answer says. */
    private record Remote(StunClient stun, String fingerprint, int payloadType, boolean opus) {}

    /** What is there once DTLS is done. */
    private record Media(SrtpPair srtp, Talk talk, Speech speech, AudioDecoder decoder, int step) {}

    /** How long each step of a set-up took, from its begin. */
    record Setup(long answerNanos, long iceNanos, long dtlsNanos) {}

    WebLeg(Driver driver, Conversation conversation) throws IOException {
        this.driver = driver;
        this.conversation = conversation;
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        channel.configureBlocking(false);
    }

    /** Calls the number; returns when the gateway and this end can hear each other. */
    Setup dial(String number) throws CallFailedException, InterruptedException {
        long begin = System.nanoTime();
        String answer = offer(number);
        long answered = System.nanoTime();
        connect(answer);
        await(checked, "no answer to ICE checks");
        long ice = System.nanoTime();
        shakeHands();
        long dtls = System.nanoTime();
        return new Setup(answered - begin, ice - answered, dtls - ice);
    }

    /** Ends the call on the side of the browser, as a page does that is closed in order. */
    void hangUp() throws CallFailedException, InterruptedException {
        try {
            if (location.isPresent()) {
                HttpResponse<String> response = driver.http()
                        .send(driver.request(location.get()).DELETE().build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 != 2) {
                    throw new CallFailedException("DELETE is answered with " + response.statusCode());
                }
            }
        } catch (IOException e) {
            throw new CallFailedException("DELETE: " + e);
        } finally {
            close();
        }
    }

    @Override
    public long onTime(long now) {
        Remote known = remote;
        if (known == null) {
            return Long.MAX_VALUE;
        }
        if (now - nextCheck >= 0) {
            nextCheck = now + (checked.isDone() ? CONSENT_NANOS : CHECK_NANOS);
            write(known.stun().request());
        }
        Media open = media;
        if (open == null) {
            return nextCheck;
        }
        while (open.talk().isDue(now)) {
            speak(open, known, open.talk().take(now));
        }
        return Math.min(nextCheck, open.talk().next());
    }

    @Override
    public void onReadable(DatagramChannel from) throws IOException {
        receiving.clear();
        while (from.read(receiving) > 0) {
            receiving.flip();
            onDatagram(receiving.remaining(), System.nanoTime());
            receiving.clear();
        }
    }

    private void onDatagram(int length, long now) {
        Remote known = remote;
        int first = received[0] & 0xff;
        if (first < 4) {
            if (known != null && StunClient.isStun(receiving) && known.stun().isAnswer(receiving)) {
                checked.complete(null);
            }
        } else if (first >= 20 && first <= 63) {
            var _ = records.offer(Arrays.copyOf(received, length));
        } else if (known != null && RtpPacket.isRtp(received, length)) {
            Media open = media;
            if (open != null) {
                hear(open, known, length, now);
            }
        }
    }

    private void hear(Media open, Remote known, int length, long now) {
        int plain = open.srtp().open(received, length, RtpPacket.ssrc(received));
        if (plain < 0) {
            driver.counts().srtpErrors.increment();
            return;
        }
        driver.counts().webReceived.increment();
        if (RtpPacket.payloadType(received) != known.payloadType()) {
            return;
        }
        int at = RtpPacket.payloadAt(received, plain);
        byte[] payload = Arrays.copyOfRange(received, at, plain);
        int samples = open.decoder().decode(payload, 0, payload.length, pcm);
        boolean mark = samples > 0 && marks.onFrame(pcm, samples);
        conversation.toWeb().onReceived(RtpPacket.timestamp(received), open.step(), mark, now);
    }

    private void speak(Media open, Remote known, long frame) {
        byte[] payload = open.speech().packet(frame);
        RtpPacket.write(sending, known.payloadType(), (int) frame, timestampBase + (int) frame * open.step(), ssrc);
        System.arraycopy(payload, 0, sending, RtpPacket.HEADER, payload.length);
        int length = open.srtp().seal(sending, RtpPacket.HEADER + payload.length, ssrc);
        conversation.toTrunk().onSent(frame, System.nanoTime());
        write(ByteBuffer.wrap(sending, 0, length));
        driver.counts().webSent.increment();
    }

    private void write(ByteBuffer packet) {
        try {
            channel.write(packet);
        } catch (IOException e) {
            driver.counts().sendErrors.increment();
        }
    }

    private String offer(String number) throws CallFailedException, InterruptedException {
        HttpRequest request = driver.request(driver.callUri(number))
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(sdp()))
                .build();
        try {
            HttpResponse<String> response = driver.http().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201) {
                throw new CallFailedException("POST is answered with " + response.statusCode() + " " + response.body());
            }
            location = response.headers().firstValue("Location").map(request.uri()::resolve);
            return response.body();
        } catch (IOException e) {
            throw new CallFailedException("POST: " + e);
        }
    }

    private void connect(String answer) throws CallFailedException {
        Matcher candidate = find(
                "a=candidate:\\S+ 1 (?:udp|UDP) \\d+ (127\\.\\d+\\.\\d+\\.\\d+|\\d+[.]\\S+) (\\d+) typ host", answer);
        Matcher formats = find("m=audio [1-9]\\d* UDP/TLS/RTP/SAVPF (\\d+)", answer);
        int payloadType = Integer.parseInt(formats.group(1));
        boolean opus = answer.contains("a=rtpmap:" + payloadType + " opus/48000/2");
        StunClient stun = new StunClient(
                ufrag,
                find("a=ice-ufrag:(\\S+)", answer).group(1),
                find("a=ice-pwd:(\\S+)", answer).group(1));
        String fingerprint = find("a=fingerprint:sha-256 (\\S+)", answer).group(1);
        try {
            channel.connect(new InetSocketAddress(
                    InetAddress.ofLiteral(candidate.group(1)), Integer.parseInt(candidate.group(2))));
        } catch (IOException e) {
            throw new CallFailedException("connect: " + e);
        }
        nextCheck = System.nanoTime();
        remote = new Remote(stun, fingerprint, payloadType, opus);
        driver.webLoop().join(this, channel);
    }

    private void shakeHands() throws CallFailedException {
        Remote known = java.util.Objects.requireNonNull(remote);
        try {
            DtlsClient.Association made = driver.dtls().connect(new Records(), known.fingerprint());
            association = made;
            AudioCodec codec = known.opus() ? AudioCodec.OPUS : law(known.payloadType());
            Speech speech = known.opus() ? driver.opus() : driver.g711(codec);
            long begin = System.nanoTime() + ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(20));
            media = new Media(
                    new SrtpPair(made.keys()),
                    new Talk(begin, driver.lateness()),
                    speech,
                    driver.codecs().decoder(codec, 8_000),
                    codec.clockRate() / Speech.FRAMES_PER_SECOND);
        } catch (IOException e) {
            throw new CallFailedException("DTLS: " + e);
        }
    }

    private static AudioCodec law(int payloadType) throws CallFailedException {
        return switch (payloadType) {
            case 0 -> AudioCodec.PCMU;
            case 8 -> AudioCodec.PCMA;
            default -> throw new CallFailedException("the answer's codec " + payloadType + " is none of ours");
        };
    }

    private void close() {
        driver.webLoop().leave(this);
        try {
            if (association != null) {
                association.transport().close();
            }
            channel.close();
        } catch (IOException e) {
            driver.counts().sendErrors.increment();
        }
        var _ = records.offer(CLOSED);
        media = null; // the decoder's memory goes back with the collector: the loop may still be in it
    }

    private String sdp() {
        return String.join(
                "\r\n",
                "v=0",
                "o=- " + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
                        + " 2 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126",
                "c=IN IP4 0.0.0.0",
                "a=ice-ufrag:" + ufrag,
                "a=ice-pwd:" + password,
                "a=ice-options:trickle",
                "a=fingerprint:sha-256 " + driver.dtls().fingerprint(),
                "a=setup:actpass",
                "a=mid:0",
                "a=sendrecv",
                "a=rtcp-mux",
                "a=rtpmap:111 opus/48000/2",
                "a=fmtp:111 minptime=10;useinbandfec=1",
                "a=rtpmap:0 PCMU/8000",
                "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:110 telephone-event/48000",
                "a=rtpmap:126 telephone-event/8000",
                "a=ssrc:" + Integer.toUnsignedString(ssrc) + " cname:bench",
                "");
    }

    private static Matcher find(String pattern, String answer) throws CallFailedException {
        Matcher matcher = Pattern.compile(pattern).matcher(answer);
        if (!matcher.find()) {
            throw new CallFailedException("the answer has no " + pattern);
        }
        return matcher;
    }

    private static void await(CompletableFuture<Void> event, String otherwise)
            throws CallFailedException, InterruptedException {
        try {
            event.get(Driver.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CallFailedException(otherwise);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new CallFailedException(String.valueOf(e.getCause()));
        }
    }

    private static String token(int length) {
        byte[] bytes = new byte[length / 2];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** DTLS's datagrams between its thread and the loop. */
    private final class Records implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return PACKET;
        }

        @Override
        public int getSendLimit() {
            return 1_200;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            try {
                byte[] record = records.poll(waitMillis, TimeUnit.MILLISECONDS);
                if (record == null || record.length == 0) {
                    return -1;
                }
                int size = Math.min(length, record.length);
                System.arraycopy(record, 0, buffer, offset, size);
                return size;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            write(ByteBuffer.wrap(buffer, offset, length));
        }

        @Override
        public void close() {
            // the leg closes its socket itself
        }
    }
}

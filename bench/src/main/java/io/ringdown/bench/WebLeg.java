package io.ringdown.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * One browser-like end: an offer over HTTP, ICE checks, DTLS-SRTP as client, then speech. {@link #dial} and {@link #hangUp} block
 * and are for a thread of the caller's, which owns the socket until the keys are there; from then on it is the wheel's.
 */
final class WebLeg extends Wheel.Member implements Talk.Sink {
    private static final int CHECK_MILLIS = 50;
    private static final long CONSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500); // as browsers do
    private static final Pattern CANDIDATE = Pattern.compile(
            "a=candidate:\\S+ 1 (?:udp|UDP) \\d+ (127\\.\\d+\\.\\d+\\.\\d+|\\d+[.]\\S+) (\\d+) typ host");
    private static final Pattern AUDIO = Pattern.compile("m=audio [1-9]\\d* UDP/TLS/RTP/SAVPF (\\d+)");
    private static final Pattern UFRAG = Pattern.compile("a=ice-ufrag:(\\S+)");
    private static final Pattern PASSWORD = Pattern.compile("a=ice-pwd:(\\S+)");
    private static final Pattern FINGERPRINT = Pattern.compile("a=fingerprint:sha-256 (\\S+)");

    private final WebEnd end;
    private final Side side;
    private final int place;
    private final UdpSocket socket;
    private final byte[] received = new byte[UdpSocket.CAPACITY];
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private final String ufrag = token(8);
    private final String password = token(24);
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private Optional<URI> location = Optional.empty();
    private @Nullable Remote remote;
    private @Nullable Media media;
    private long nextCheck;
    private int drops;
    private boolean handedOver;

    /** What the answer says. */
    private record Remote(
            InetSocketAddress address, StunClient stun, String fingerprint, Format format, Speech speech) {}

    /** What is there once DTLS is done. */
    private record Media(
            DtlsClient.Association association, SrtpPair srtp, Listener listener, Talk talk, FrameMatcher ear) {}

    /** How long each step of a set-up took, from its begin; zero for steps that were not asked for. */
    record Setup(long begin, long answerNanos, long iceNanos, long dtlsNanos) {}

    WebLeg(WebEnd end, int place) throws IOException {
        this.end = end;
        this.side = end.side();
        this.place = place;
        socket = UdpSocket.open(0);
    }

    /** Calls the number; with media it returns when the gateway and this end can hear each other. */
    Setup dial(String number, boolean withMedia) throws CallFailedException, InterruptedException {
        long begin = System.nanoTime();
        String answer = offer(number);
        long answered = System.nanoTime();
        if (!withMedia) {
            return new Setup(begin, answered - begin, 0, 0);
        }
        Remote known = read(answer);
        remote = known;
        try {
            socket.connect(known.address());
            check(known.stun());
            long ice = System.nanoTime();
            DtlsClient.Association association = end.dtls().connect(new Records(), known.fingerprint());
            long dtls = System.nanoTime();
            talk(known, association, dtls);
            return new Setup(begin, answered - begin, ice - answered, dtls - ice);
        } catch (IOException e) {
            throw new CallFailedException("DTLS: " + e);
        }
    }

    /** Ends the call on the side of the browser, as a page does that is closed in order. */
    void hangUp() throws CallFailedException, InterruptedException {
        try {
            if (location.isPresent()) {
                HttpResponse<String> response = end.http()
                        .send(end.request(location.get()).DELETE().build(), HttpResponse.BodyHandlers.ofString());
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
    long onDue(long dueNanos) {
        Media open = Objects.requireNonNull(media);
        long next = open.talk().onDue(dueNanos);
        drain(open);
        if (dueNanos >= nextCheck) {
            nextCheck = dueNanos + CONSENT_NANOS;
            checkOnce(Objects.requireNonNull(remote).stun());
        }
        return next;
    }

    @Override
    void onLeft() {
        Media open = Objects.requireNonNull(media);
        try {
            open.association().transport().close();
        } catch (IOException e) {
            side.figures().sendErrors++;
        }
        open.listener().close();
        socket.close();
        left.complete(null);
    }

    @Override
    public int seal(byte[] packet, int length) {
        return Objects.requireNonNull(media).srtp().seal(packet, length, ssrc);
    }

    @Override
    public boolean send(byte[] packet, int length) {
        return socket.send(packet, length);
    }

    private void drain(Media open) {
        for (int length = socket.receive(received); length >= 0; length = socket.receive(received)) {
            if (length > 0 && RtpPacket.isRtp(received, length)) {
                hear(open, length, side.clock().toNanoTime(socket.stampNanos()));
            }
        }
        if (socket.drops() != drops) {
            side.figures().socketDrops += socket.drops() - drops;
            drops = socket.drops();
        }
    }

    private void hear(Media open, int length, long at) {
        int plain = open.srtp().open(received, length, RtpPacket.ssrc(received));
        if (plain < 0) {
            side.figures().srtpErrors++;
            return;
        }
        if (RtpPacket.payloadType(received) != side.format().payloadType()) {
            return;
        }
        int from = RtpPacket.payloadAt(received, plain);
        boolean first = !open.ear().isHeard();
        open.ear()
                .onPacket(
                        RtpPacket.sequence(received), RtpPacket.timestamp(received), received, from, plain - from, at);
        if (first && open.ear().isHeard()) {
            side.board().set(place, Board.Fact.HEARD_AT_WEB, open.ear().heardAt());
        }
    }

    private String offer(String number) throws CallFailedException, InterruptedException {
        HttpRequest request = end.request(end.callUri(number))
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(sdp()))
                .build();
        try {
            HttpResponse<String> response = end.http().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201) {
                throw new CallFailedException("POST is answered with " + response.statusCode() + " "
                        + response.body().strip());
            }
            location = response.headers().firstValue("Location").map(request.uri()::resolve);
            return response.body();
        } catch (IOException e) {
            throw new CallFailedException("POST: " + e);
        }
    }

    private Remote read(String answer) throws CallFailedException {
        Matcher candidate = find(CANDIDATE, answer);
        int payloadType = Integer.parseInt(find(AUDIO, answer).group(1));
        if (payloadType != side.format().payloadType()) {
            throw new CallFailedException("the gateway answers with payload type " + payloadType + ", not "
                    + side.format().rtpmap());
        }
        return new Remote(
                new InetSocketAddress(InetAddress.ofLiteral(candidate.group(1)), Integer.parseInt(candidate.group(2))),
                new StunClient(
                        ufrag,
                        find(UFRAG, answer).group(1),
                        find(PASSWORD, answer).group(1)),
                find(FINGERPRINT, answer).group(1),
                side.format(),
                side.speech(answer));
    }

    private void check(StunClient stun) throws CallFailedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WebEnd.PATIENCE_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            checkOnce(stun);
            while (socket.await(CHECK_MILLIS)) {
                int length = socket.receive(received);
                ByteBuffer answer = ByteBuffer.wrap(received, 0, Math.max(0, length));
                if (StunClient.isStun(answer) && stun.isAnswer(answer)) {
                    return;
                }
            }
        }
        throw new CallFailedException("no answer to ICE checks");
    }

    private void checkOnce(StunClient stun) {
        ByteBuffer request = stun.request();
        byte[] message = new byte[request.remaining()];
        request.get(message);
        send(message, message.length);
    }

    private void talk(Remote known, DtlsClient.Association association, long now) {
        Random random = side.random(place);
        long begin = Wheel.toTick(now + random.nextLong(Speech.FRAME_NANOS));
        Talk talk = new Talk(
                new Talk.Subject(side.board(), place, Board.Way.TO_TRUNK, known.format(), known.speech()),
                new Line(side.line(), place, random),
                ssrc,
                random.nextInt(),
                begin,
                side.figures(),
                this);
        Listener listener = Listener.of(side.codecs(), known.format());
        FrameMatcher ear =
                new FrameMatcher(side.board(), place, Board.Way.TO_WEB, known.format(), listener, side.figures());
        media = new Media(association, new SrtpPair(association.keys()), listener, talk, ear);
        nextCheck = begin + CONSENT_NANOS;
        handedOver = true;
        side.wheel().join(this, begin);
    }

    private void close() {
        if (handedOver) {
            side.wheel().leave(this);
            left.join();
        } else {
            socket.close();
        }
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
                "m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126",
                "c=IN IP4 0.0.0.0",
                "a=ice-ufrag:" + ufrag,
                "a=ice-pwd:" + password,
                "a=ice-options:trickle",
                "a=fingerprint:sha-256 " + end.dtls().fingerprint(),
                "a=setup:actpass",
                "a=mid:0",
                "a=sendrecv",
                "a=rtcp-mux",
                "a=rtpmap:111 opus/48000/2",
                "a=fmtp:111 minptime=10;useinbandfec=1",
                "a=rtpmap:9 G722/8000",
                "a=rtpmap:0 PCMU/8000",
                "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:110 telephone-event/48000",
                "a=rtpmap:126 telephone-event/8000",
                "a=ssrc:" + Integer.toUnsignedString(ssrc) + " cname:bench",
                "");
    }

    private static Matcher find(Pattern pattern, String answer) throws CallFailedException {
        Matcher matcher = pattern.matcher(answer);
        if (!matcher.find()) {
            throw new CallFailedException("the answer has no " + pattern);
        }
        return matcher;
    }

    private static String token(int length) {
        byte[] bytes = new byte[length / 2];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** DTLS's datagrams, straight from and to the socket. */
    private final class Records implements DatagramTransport {
        private final byte[] packet = new byte[UdpSocket.CAPACITY];

        @Override
        public int getReceiveLimit() {
            return UdpSocket.CAPACITY;
        }

        @Override
        public int getSendLimit() {
            return 1_200;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            do {
                long remaining = Math.max(0, deadline - System.nanoTime());
                if (socket.await((int) TimeUnit.NANOSECONDS.toMillis(remaining))) {
                    int size = socket.receive(received);
                    if (size > 0 && received[0] >= 20 && received[0] <= 63) { // RFC 7983: what else comes is not for us
                        int taken = Math.min(length, size);
                        System.arraycopy(received, 0, buffer, offset, taken);
                        return taken;
                    }
                }
            } while (System.nanoTime() - deadline < 0);
            return -1;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            System.arraycopy(buffer, offset, packet, 0, length);
            if (!socket.send(packet, length)) {
                throw new IOException("a DTLS record was not sent");
            }
        }

        @Override
        public void close() {
            // the leg closes its socket itself
        }
    }

    @Override
    public String toString() {
        return "WebLeg[" + place + ", " + Arrays.asList(location, remote) + "]";
    }
}

package io.ringdown.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The carrier: a small user agent server over UDP that answers every expected number at once with 180 and 200 (RFC 3261 §8.2,
 * §13.3, §17.2). SIP of its own, on the trunk's loop.
 */
final class TrunkEnd implements Loop.Member {
    private static final long RESEND_NANOS = TimeUnit.MILLISECONDS.toNanos(500); // RFC 3261 §13.3.1.4, T1
    private static final int MOST_RESENDS = 10;
    private static final Pattern CONNECTION = Pattern.compile("(?m)^c=IN IP4 (\\S+)");
    private static final Pattern AUDIO = Pattern.compile("(?m)^m=audio (\\d+) RTP/AVP ([\\d ]+)");

    private final Driver driver;
    private final DatagramChannel channel;
    private final Map<String, TrunkCall> expected = new ConcurrentHashMap<>();
    private final Map<String, Dialog> dialogs = new ConcurrentHashMap<>();

    /** A call under way: what its INVITE was last answered with, until the ACK. */
    private static final class Dialog {
        private final TrunkCall call;
        private final SipMessage invite;
        private final SocketAddress peer;
        private String lastAnswer = "";
        private boolean acknowledged;
        private int resends;
        private long nextResend;

        Dialog(TrunkCall call, SipMessage invite, SocketAddress peer) {
            this.call = call;
            this.invite = invite;
            this.peer = peer;
        }
    }

    TrunkEnd(Driver driver, int port) throws IOException {
        this.driver = driver;
        channel = DatagramChannel.open();
        channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        channel.configureBlocking(false);
        driver.trunkLoop().join(this, channel);
    }

    /** Whoever calls this number reaches this call. */
    void expect(String number, TrunkCall call) {
        expected.put(number, call);
    }

    @Override
    public long onTime(long now) {
        long next = Long.MAX_VALUE;
        for (Dialog dialog : dialogs.values()) {
            if (!dialog.acknowledged && !dialog.lastAnswer.isEmpty() && dialog.resends < MOST_RESENDS) {
                if (now - dialog.nextResend >= 0) {
                    dialog.resends++;
                    dialog.nextResend = now + RESEND_NANOS;
                    send(dialog.lastAnswer, dialog.peer);
                }
                next = Math.min(next, dialog.nextResend);
            }
        }
        return next;
    }

    @Override
    public void onReadable(DatagramChannel from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        for (SocketAddress peer = from.receive(buffer); peer != null; peer = from.receive(buffer)) {
            buffer.flip();
            Optional<SipMessage> message =
                    SipMessage.parse(StandardCharsets.UTF_8.decode(buffer).toString());
            buffer.clear();
            if (message.isPresent()) {
                onRequest(message.get(), peer);
            }
        }
    }

    private void onRequest(SipMessage request, SocketAddress peer) throws IOException {
        Optional<Dialog> dialog = Optional.ofNullable(dialogs.get(request.header("call-id")));
        switch (request.method()) {
            case "INVITE" -> {
                if (dialog.isPresent()) {
                    send(dialog.get().lastAnswer, peer);
                } else {
                    onInvite(request, peer);
                }
            }
            case "ACK" -> dialog.ifPresent(known -> known.acknowledged = true);
            case "BYE" -> {
                reply(request, dialog.isPresent() ? "200 OK" : "481 Call/Transaction Does Not Exist", peer);
                dialog.ifPresent(this::end);
            }
            case "CANCEL" -> {
                reply(request, "200 OK", peer);
                dialog.ifPresent(known -> {
                    if (!known.acknowledged) {
                        reply(known.invite, "487 Request Terminated", peer);
                        end(known);
                    }
                });
            }
            case "OPTIONS" -> reply(request, "200 OK", peer);
            default -> reply(request, "405 Method Not Allowed", peer);
        }
    }

    private void onInvite(SipMessage invite, SocketAddress peer) throws IOException {
        TrunkCall call = expected.remove(invite.user());
        Matcher connection = CONNECTION.matcher(invite.body());
        Matcher audio = AUDIO.matcher(invite.body());
        if (call == null || !connection.find() || !audio.find()) {
            reply(invite, call == null ? "404 Not Found" : "488 Not Acceptable Here", peer);
            return;
        }
        Dialog dialog = new Dialog(call, invite, peer);
        dialogs.put(invite.header("call-id"), dialog);
        reply(invite, "180 Ringing", peer);
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        String sdp = sdp(call);
        dialog.lastAnswer = invite.response("200 OK", tag(invite)) + "Contact: <sip:bench@127.0.0.1:" + port + ">\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp;
        dialog.nextResend = System.nanoTime() + RESEND_NANOS;
        call.answer(
                new InetSocketAddress(InetAddress.ofLiteral(connection.group(1)), Integer.parseInt(audio.group(1))));
        send(dialog.lastAnswer, peer);
    }

    private void end(Dialog dialog) {
        dialogs.remove(dialog.invite.header("call-id"));
        dialog.call.end();
    }

    private String sdp(TrunkCall call) {
        int number = driver.trunkPayloadType();
        return String.join(
                "\r\n",
                "v=0",
                "o=bench 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                "m=audio " + call.port() + " RTP/AVP " + number + " 101",
                "a=rtpmap:" + number + " " + driver.trunkCodec().rtpmapName() + "/8000",
                "a=rtpmap:101 telephone-event/8000",
                "a=fmtp:101 0-15",
                "a=rtcp:" + call.rtcpPort(),
                "a=ptime:20",
                "a=sendrecv",
                "");
    }

    private void reply(SipMessage request, String status, SocketAddress peer) {
        send(request.response(status, tag(request)) + "Content-Length: 0\r\n\r\n", peer);
    }

    private static String tag(SipMessage request) {
        return Integer.toHexString(request.header("call-id").hashCode());
    }

    private void send(String message, SocketAddress peer) {
        try {
            channel.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), peer);
        } catch (IOException e) {
            driver.counts().sendErrors.increment();
        }
    }

    void close() throws IOException {
        driver.trunkLoop().leave(this);
        channel.close();
    }
}

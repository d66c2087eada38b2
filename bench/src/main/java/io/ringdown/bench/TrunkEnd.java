package io.ringdown.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The side of the carrier, in a process of its own: a small user agent server over UDP that answers every number of ours at once
 * with 180 and 200 (RFC 3261 §8.2, §13.3, §17.2). SIP of its own, on one thread; the legs talk on the wheel.
 */
final class TrunkEnd implements AutoCloseable {
    private static final long RESEND_NANOS = TimeUnit.MILLISECONDS.toNanos(500); // RFC 3261 §13.3.1.4, T1
    private static final int MOST_RESENDS = 10;
    private static final int GLANCE_MILLIS = 100;
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final Pattern CONNECTION = Pattern.compile("(?m)^c=IN IP4 (\\S+)");
    private static final Pattern AUDIO = Pattern.compile("(?m)^m=audio (\\d+) RTP/S?AVP ([\\d ]+)");

    private final Side side;
    private final boolean isEncrypted;
    private final SecureRandom random = new SecureRandom();
    private final DatagramSocket socket;
    private final Map<String, Dialog> dialogs = new HashMap<>();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final Thread thread;
    private long nextGlance = System.nanoTime();

    /** A call under way: what its INVITE was last answered with, until the ACK. */
    private static final class Dialog {
        private final TrunkLeg leg;
        private final SipMessage invite;
        private final String answer;
        private final SocketAddress peer;
        private boolean acknowledged;
        private int resends;
        private long nextResend;

        Dialog(TrunkLeg leg, SipMessage invite, String answer, SocketAddress peer) {
            this.leg = leg;
            this.invite = invite;
            this.answer = answer;
            this.peer = peer;
            this.nextResend = System.nanoTime() + RESEND_NANOS;
        }
    }

    TrunkEnd(EndSettings settings) throws IOException {
        side = new Side("trunk", settings, settings.trunk(), settings.trunkLine());
        isEncrypted = settings.trunkSrtp();
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), settings.trunkPort()));
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setSoTimeout(GLANCE_MILLIS);
        thread = Thread.ofPlatform().name("bench-sip").daemon().start(this::run);
    }

    Side side() {
        return side;
    }

    /** Why INVITEs were refused, and how often. */
    Map<String, Integer> refusals() {
        return new TreeMap<>(refusals);
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                Optional<SipMessage> message =
                        SipMessage.parse(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
                if (message.isPresent()) {
                    onRequest(message.get(), packet.getSocketAddress());
                }
            } catch (SocketTimeoutException e) {
                // time for a glance at what was not acknowledged
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    refusals.merge("SIP: " + e.getMessage(), 1, Integer::sum);
                }
            }
            glance(System.nanoTime());
        }
    }

    private void glance(long now) {
        if (now - nextGlance < 0) {
            return;
        }
        nextGlance = now + TimeUnit.MILLISECONDS.toNanos(GLANCE_MILLIS);
        for (Dialog dialog : dialogs.values()) {
            if (!dialog.acknowledged && dialog.resends < MOST_RESENDS && now - dialog.nextResend >= 0) {
                dialog.resends++;
                dialog.nextResend = now + RESEND_NANOS;
                send(dialog.answer, dialog.peer);
            }
        }
    }

    private void onRequest(SipMessage request, SocketAddress peer) throws IOException {
        Optional<Dialog> dialog = Optional.ofNullable(dialogs.get(request.header("call-id")));
        switch (request.method()) {
            case "INVITE" -> {
                if (dialog.isPresent()) {
                    send(dialog.get().answer, peer);
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
        OptionalInt place = Numbers.place(invite.user(), side.board());
        Matcher connection = CONNECTION.matcher(invite.body());
        Matcher audio = AUDIO.matcher(invite.body());
        if (place.isEmpty()) {
            refuse(invite, "404 Not Found", "nobody has " + invite.user(), peer);
            return;
        }
        if (!connection.find() || !audio.find()) {
            refuse(invite, "488 Not Acceptable Here", "an INVITE without audio", peer);
            return;
        }
        if (!(" " + audio.group(2) + " ").contains(" " + side.format().payloadType() + " ")) {
            refuse(
                    invite,
                    "488 Not Acceptable Here",
                    "the gateway offers the trunk no " + side.format().rtpmap() + ", but " + audio.group(),
                    peer);
            return;
        }
        Optional<SdesAnswer> crypto = isEncrypted ? SdesAnswer.to(invite.body(), random) : Optional.empty();
        if (isEncrypted && crypto.isEmpty()) {
            refuse(invite, "488 Not Acceptable Here", "the gateway offers the trunk no key for SRTP", peer);
            return;
        }
        reply(invite, "180 Ringing", peer);
        TrunkLeg leg = new TrunkLeg(
                side, place.getAsInt(), crypto.map(SdesAnswer::keys).map(SrtpPair::new));
        String sdp = sdp(leg) + crypto.map(answer -> answer.line() + "\r\n").orElse("");
        String answer = invite.response("200 OK", tag(invite)) + "Contact: <sip:bench@127.0.0.1:"
                + socket.getLocalPort() + ">\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp;
        dialogs.put(invite.header("call-id"), new Dialog(leg, invite, answer, peer));
        leg.answer(new InetSocketAddress(InetAddress.ofLiteral(connection.group(1)), Integer.parseInt(audio.group(1))));
        send(answer, peer);
    }

    private void end(Dialog dialog) {
        dialogs.remove(dialog.invite.header("call-id"));
        dialog.leg.end();
    }

    private String sdp(TrunkLeg leg) {
        int number = side.format().payloadType();
        return String.join(
                "\r\n",
                "v=0",
                "o=bench 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                "m=audio " + leg.port() + (isEncrypted ? " RTP/SAVP " : " RTP/AVP ") + number + " 101",
                "a=rtpmap:" + number + " " + side.format().rtpmap(),
                "a=rtpmap:101 telephone-event/8000",
                "a=fmtp:101 0-15",
                "a=rtcp:" + leg.rtcpPort(),
                "a=ptime:20",
                "a=sendrecv",
                "");
    }

    private void refuse(SipMessage request, String status, String why, SocketAddress peer) {
        refusals.merge(why, 1, Integer::sum);
        reply(request, status, peer);
    }

    private void reply(SipMessage request, String status, SocketAddress peer) {
        send(request.response(status, tag(request)) + "Content-Length: 0\r\n\r\n", peer);
    }

    private static String tag(SipMessage request) {
        return Integer.toHexString(request.header("call-id").hashCode());
    }

    private void send(String message, SocketAddress peer) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, peer));
        } catch (IOException e) {
            refusals.merge("SIP: " + e.getMessage(), 1, Integer::sum);
        }
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        side.close();
    }
}

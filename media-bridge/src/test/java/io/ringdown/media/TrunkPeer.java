package io.ringdown.media;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A carrier's media: plain RTP from one port, for tests. Methods are for the test's thread. */
final class TrunkPeer implements AutoCloseable {
    private final DatagramSocket socket;
    private final LinkedBlockingQueue<byte[]> rtp = new LinkedBlockingQueue<>();
    private @Nullable InetSocketAddress gateway;

    TrunkPeer(InetAddress local) throws IOException {
        socket = new DatagramSocket(0, local);
        Thread.ofVirtual().start(this::listen);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** An answer with this payload type; {@code direction} as in SDP. */
    String answer(int payloadType, String direction) {
        String name = payloadType == 0 ? "PCMU" : "PCMA";
        String family = socket.getLocalAddress().getAddress().length == 4 ? "IP4" : "IP6";
        String address = socket.getLocalAddress().getHostAddress();
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN " + family + " " + address,
                "s=-",
                "c=IN " + family + " " + address,
                "t=0 0",
                "m=audio " + socket.getLocalPort() + " RTP/AVP " + payloadType + " 101",
                "a=rtpmap:" + payloadType + " " + name + "/8000",
                "a=rtpmap:101 telephone-event/8000",
                "a=ptime:20",
                "a=" + direction,
                "");
    }

    /** Where the offer of the gateway says that packets go. */
    void onOffer(String sdp) {
        Matcher address = Pattern.compile("c=IN IP[46] (\\S+)").matcher(sdp);
        Matcher port = Pattern.compile("m=audio (\\d+)").matcher(sdp);
        if (!address.find() || !port.find()) {
            throw new IllegalArgumentException(sdp);
        }
        gateway = new InetSocketAddress(InetAddress.ofLiteral(address.group(1)), Integer.parseInt(port.group(1)));
    }

    void send(byte[] packet) throws IOException {
        if (gateway == null) {
            throw new IllegalStateException("no offer yet");
        }
        socket.send(new DatagramPacket(packet, packet.length, gateway));
    }

    byte @Nullable [] receive(long millis) throws InterruptedException {
        return rtp.poll(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void listen() {
        byte[] buffer = new byte[2048];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                rtp.add(Arrays.copyOf(buffer, packet.getLength()));
            }
        } catch (IOException e) {
            rtp.clear(); // closed
        }
    }
}

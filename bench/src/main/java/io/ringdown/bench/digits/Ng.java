package io.ringdown.bench.digits;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks rtpengine's control protocol "ng" over UDP on loopback: a cookie, a space, and a dictionary in bencode. One thread.
 */
final class Ng implements AutoCloseable {
    private static final int TRIES = 5;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int LONGEST = 65_535;
    private static final Pattern RESULT = Pattern.compile("6:result\\d+:(ok|pong)");
    private static final Pattern SDP = Pattern.compile("3:sdp(\\d+):");

    private final DatagramSocket socket = new DatagramSocket();
    private final String prefix =
            Long.toHexString(System.nanoTime()); // answers to a cookie are given again to the same
    private int commands;

    Ng(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(ANSWER_MILLIS);
    }

    /** Gives a command and waits for its answer; IOException if none comes, or it says that something is wrong. */
    String ask(Map<String, Object> command) throws IOException {
        String cookie = prefix + "_" + commands++;
        byte[] asked = (cookie + " " + bencode(command)).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < TRIES; i++) {
            socket.send(new DatagramPacket(asked, asked.length));
            DatagramPacket datagram = new DatagramPacket(new byte[LONGEST], LONGEST);
            try {
                socket.receive(datagram);
            } catch (SocketTimeoutException e) {
                continue; // said again
            }
            String answer = new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.ISO_8859_1);
            if (answer.startsWith(cookie + " ")) {
                if (!RESULT.matcher(answer).find()) {
                    throw new IOException("rtpengine answers " + answer);
                }
                return answer;
            }
        }
        throw new IOException("rtpengine does not answer");
    }

    /** The SDP of an answer. */
    static String sdp(String answer) throws IOException {
        Matcher found = SDP.matcher(answer);
        if (!found.find()) {
            throw new IOException("rtpengine answers without SDP: " + answer);
        }
        return answer.substring(found.end(), found.end() + Integer.parseInt(found.group(1)));
    }

    /** A string, a list or a dictionary, as its protocol writes them: dictionaries in the order of their keys. */
    static String bencode(Object value) {
        return switch (value) {
            case List<?> list -> {
                StringBuilder text = new StringBuilder("l");
                list.forEach(item -> text.append(bencode(item)));
                yield text.append('e').toString();
            }
            case Map<?, ?> map -> {
                Map<String, Object> sorted = new TreeMap<>();
                map.forEach((key, item) -> sorted.put(key.toString(), item));
                StringBuilder text = new StringBuilder("d");
                sorted.forEach((key, item) -> text.append(bencode(key)).append(bencode(item)));
                yield text.append('e').toString();
            }
            default -> value.toString().length() + ":" + value;
        };
    }

    @Override
    public void close() {
        socket.close();
    }
}

package io.ringdown.practice;

import io.ringdown.media.PortRange;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** Pairs of UDP ports, an even one for RTP and the one above for RTCP, taken in turn so that a pair rests. One thread. */
final class MediaPorts {
    private final InetAddress address;
    private final int first;
    private final int pairs;
    private int next;

    /** Two bound sockets. */
    record Pair(DatagramChannel rtp, DatagramChannel rtcp, int rtpPort) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            rtp.close();
            rtcp.close();
        }
    }

    MediaPorts(InetAddress address, PortRange range) {
        this.address = address;
        this.first = range.first() + (range.first() & 1);
        this.pairs = (range.last() - first + 1) / 2;
    }

    /** A pair that is free; empty if none is. */
    Optional<Pair> open() throws IOException {
        for (int tried = 0; tried < pairs; tried++) {
            int port = first + 2 * next;
            next = (next + 1) % pairs;
            Optional<Pair> pair = bind(port);
            if (pair.isPresent()) {
                return pair;
            }
        }
        return Optional.empty();
    }

    private Optional<Pair> bind(int port) throws IOException {
        DatagramChannel rtp = DatagramChannel.open();
        DatagramChannel rtcp = DatagramChannel.open();
        boolean bound = false;
        try {
            rtp.configureBlocking(false);
            rtcp.configureBlocking(false);
            rtp.bind(new InetSocketAddress(address, port));
            rtcp.bind(new InetSocketAddress(address, port + 1));
            bound = true;
            return Optional.of(new Pair(rtp, rtcp, port));
        } catch (BindException e) {
            return Optional.empty();
        } finally {
            if (!bound) {
                rtp.close();
                rtcp.close();
            }
        }
    }
}

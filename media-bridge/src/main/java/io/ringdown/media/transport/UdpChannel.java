package io.ringdown.media.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A UDP port towards browsers. On its loop's thread. */
final class UdpChannel implements WebChannel {
    private final int index;
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Map<InetSocketAddress, CallMedia> calls = new HashMap<>();

    UdpChannel(int index, DatagramChannel channel) throws IOException {
        this.index = index;
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public int index() {
        return index;
    }

    DatagramChannel channel() {
        return channel;
    }

    InetSocketAddress local() {
        return local;
    }

    @Override
    public @Nullable CallMedia callAt(InetSocketAddress remote) {
        return calls.get(remote);
    }

    @Override
    public void place(InetSocketAddress remote, CallMedia call) {
        calls.put(remote, call);
    }

    void forget(InetSocketAddress remote, CallMedia call) {
        calls.remove(remote, call);
    }

    int addresses() {
        return calls.size();
    }
}

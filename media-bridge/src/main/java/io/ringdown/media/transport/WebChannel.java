package io.ringdown.media.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One socket towards browsers and which browser is where on it. On its loop's thread. */
final class WebChannel {
    private final int index;
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Map<InetSocketAddress, CallMedia> calls = new HashMap<>();

    WebChannel(int index, DatagramChannel channel) throws IOException {
        this.index = index;
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
    }

    /** Its number among the loop's sockets. */
    int index() {
        return index;
    }

    DatagramChannel channel() {
        return channel;
    }

    InetSocketAddress local() {
        return local;
    }

    /** The call whose browser has passed a check from there. */
    @Nullable
    CallMedia callAt(InetSocketAddress remote) {
        return calls.get(remote);
    }

    void place(InetSocketAddress remote, CallMedia call) {
        calls.put(remote, call);
    }

    void forget(InetSocketAddress remote, CallMedia call) {
        calls.remove(remote, call);
    }

    int addresses() {
        return calls.size();
    }
}

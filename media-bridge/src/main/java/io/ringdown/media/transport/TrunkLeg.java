package io.ringdown.media.transport;

import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.srtp.SignalledSrtp;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpSession;
import io.ringdown.media.srtp.SrtpState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call's two sockets towards the trunk and the keys of what goes through them, on its loop's thread. Each socket is connected
 * to the address of the SDP, so that the kernel lets nobody else in and nothing leaves to anywhere else (THREATS M5, M6); before
 * it is connected nothing is read. While nothing comes at all, RTP's may be opened for a moment, to see who sends in the trunk's
 * place: what comes then from elsewhere is looked at for its address and goes no further, unless the {@link Latch} may move.
 */
final class TrunkLeg implements AutoCloseable {
    private final TrunkPorts.Pair ports;
    private final Side rtp;
    private final Side rtcp;
    private final Latch latch = new Latch();
    private @Nullable SignalledSrtp srtp;

    TrunkLeg(CallMedia call, TrunkPorts.Pair ports) {
        this.ports = ports;
        this.rtp = new Side(call, ports.rtp(), false);
        this.rtcp = new Side(call, ports.rtcp(), true);
    }

    /**
     * Points both sockets at what the trunk has answered, and takes its keys; nothing changes where they point there already and
     * what is the same key.
     *
     * @param mayMove whether somebody else may be taken for the trunk in the next second
     */
    void target(MediaLoop loop, TrunkFormat format, boolean mayMove, long now) {
        latch.onDescription(format.rtp(), mayMove, now);
        connect(loop, format);
        keys(format.keys(), now);
    }

    /** Goes on where another leg has stopped; {@link #target} is to be called with the same format. */
    void resume(TrunkFormat format, @Nullable InetSocketAddress latched, @Nullable SignalledSrtp keyed) {
        latch.resume(format.rtp(), latched);
        srtp = keyed;
    }

    /** How far the keys have come, if there are any. */
    Optional<SrtpState> keysNow() {
        return Optional.ofNullable(srtp).map(SignalledSrtp::state);
    }

    /** The trunk is where this packet came from. */
    void moveTo(MediaLoop loop, InetSocketAddress from, TrunkFormat format) {
        latch.onMoved(from);
        connect(loop, format);
    }

    private void connect(MediaLoop loop, TrunkFormat format) {
        InetSocketAddress latched = latch.latched();
        if (latched == null) {
            rtp.connect(loop, format.rtp());
            rtcp.connect(loop, format.rtcp());
        } else { // reports are as far from RTP as they were described to be
            int apart = format.rtcp().getPort() - format.rtp().getPort();
            rtp.connect(loop, latched);
            rtcp.connect(
                    loop,
                    new InetSocketAddress(
                            latched.getAddress(), Math.clamp((long) latched.getPort() + apart, 1, 65_535)));
        }
    }

    private void keys(Optional<SrtpKeys> keys, long now) {
        SignalledSrtp present = srtp;
        if (keys.isEmpty()) {
            closeKeys();
        } else if (present == null) {
            srtp = new SignalledSrtp(keys.get());
        } else {
            present.onKeys(keys.get(), now);
        }
    }

    /** Lets nothing in or out until there is another target. */
    void forget() {
        latch.forget();
        rtp.disconnect();
        rtcp.disconnect();
        closeKeys();
    }

    /** Lets nothing in or out until it is pointed at its target again; who that is, and the keys, it remembers. */
    void pause() {
        rtp.disconnect();
        rtcp.disconnect();
    }

    Latch latch() {
        return latch;
    }

    /** Where RTP goes; null while it goes nowhere. */
    @Nullable
    InetSocketAddress target() {
        return rtp.target;
    }

    /** Opens a packet in place if there are keys; its length, or {@link SrtpSession#REFUSED}. */
    int opened(boolean control, byte[] buffer, int length, long now) {
        SignalledSrtp keyed = srtp;
        if (keyed == null) {
            return length;
        }
        return control ? keyed.openControl(buffer, 0, length, now) : keyed.open(buffer, 0, length, now);
    }

    /** Seals a packet in place if there are keys; its length, or {@link SrtpSession#REFUSED}. */
    int sealed(boolean control, byte[] buffer, int offset, int length) {
        SignalledSrtp keyed = srtp;
        if (keyed == null) {
            return length;
        }
        return control ? keyed.sealControl(buffer, offset, length) : keyed.seal(buffer, offset, length);
    }

    private void closeKeys() {
        SignalledSrtp keyed = srtp;
        if (keyed != null) {
            keyed.close();
            srtp = null;
        }
    }

    /** Lets everybody in at RTP's socket, to be seen and not to be heard. */
    void open() {
        rtp.open();
    }

    /** Lets only the trunk in again. */
    void narrow() {
        rtp.narrow();
    }

    Side rtp() {
        return rtp;
    }

    /** Where reports go: RTP's own socket if the trunk multiplexes. */
    Side rtcp() {
        return rtp.target != null && rtp.target.equals(rtcp.target) ? rtp : rtcp;
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("port", ports.port());
        state.put("rtp", String.valueOf(rtp.target));
        state.put("rtcp", String.valueOf(rtcp.target));
        state.put("latched", String.valueOf(latch.latched()));
        state.put("latchMoves", latch.moves());
        SignalledSrtp keyed = srtp;
        if (keyed != null) {
            state.put("srtp", keyed.debugState());
        }
        state.put("sendErrors", rtp.sendErrors + rtcp.sendErrors);
        state.put("unreachable", rtp.unreachable + rtcp.unreachable);
        return state;
    }

    /** Gives the ports back, to rest. */
    @Override
    public void close() {
        forget();
        ports.close();
    }

    /** One of the two. */
    static final class Side {
        private final CallMedia call;
        private final DatagramChannel channel;
        private final boolean control;
        private @Nullable InetSocketAddress target;
        private @Nullable SelectionKey key;
        private boolean isOpen;
        private long sendErrors;
        private long unreachable;

        private Side(CallMedia call, DatagramChannel channel, boolean control) {
            this.call = call;
            this.channel = channel;
            this.control = control;
        }

        CallMedia call() {
            return call;
        }

        DatagramChannel channel() {
            return channel;
        }

        /** Whether this is RTCP's socket. */
        boolean control() {
            return control;
        }

        boolean connected() {
            return target != null;
        }

        boolean isTarget(InetSocketAddress from) {
            return from.equals(target);
        }

        /** Receives a datagram and says from where; null if there is none. */
        @Nullable
        InetSocketAddress receive(ByteBuffer into) throws IOException {
            if (isOpen) {
                return (InetSocketAddress) channel.receive(into);
            }
            return channel.read(into) > 0 ? target : null; // the kernel has let in nobody else
        }

        /** Sends to the target; bytes sent. */
        int send(ByteBuffer datagram) throws IOException {
            InetSocketAddress to = target;
            return isOpen && to != null ? channel.send(datagram, to) : channel.write(datagram);
        }

        private void open() {
            if (target == null || isOpen) {
                return;
            }
            try {
                channel.disconnect();
                isOpen = true;
            } catch (IOException e) {
                sendErrors++;
            }
        }

        private void narrow() {
            InetSocketAddress to = target;
            if (to == null || !isOpen) {
                return;
            }
            try {
                channel.connect(to);
                isOpen = false;
            } catch (IOException | RuntimeException e) {
                sendErrors++;
            }
        }

        void onSendError() {
            sendErrors++;
        }

        /** The peer's machine said that nobody listens there. */
        void onUnreachable() {
            unreachable++;
            call.onTrunkUnreachable();
        }

        private void connect(MediaLoop loop, InetSocketAddress to) {
            if (to.equals(target)) {
                return;
            }
            disconnect();
            if (to.getPort() == 0 || to.isUnresolved() || to.getAddress().isAnyLocalAddress()) {
                return; // the old way to say hold (RFC 3264 §8.4)
            }
            try {
                channel.connect(to); // what came before, from anybody, is thrown away by connect
                SelectionKey registered = key;
                if (registered == null) {
                    key = loop.register(channel, this);
                } else {
                    registered.interestOps(SelectionKey.OP_READ);
                }
                target = to;
            } catch (IOException | RuntimeException e) { // no route to it, or another address family
                sendErrors++;
            }
        }

        private void disconnect() {
            if (target == null) {
                return;
            }
            target = null;
            isOpen = false;
            try {
                SelectionKey registered = key;
                if (registered != null && registered.isValid()) {
                    registered.interestOps(0);
                }
                channel.disconnect();
            } catch (IOException e) {
                sendErrors++;
            }
        }
    }
}

package io.ringdown.gateway.signaling;

import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSip;
import io.ringdown.sip.web.WebSipInvite;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A stack that speaks no SIP: what comes in and what is to go out is the test's. */
final class FakeWebSip implements WebSip {
    final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<Rung> rung = new LinkedBlockingQueue<>();

    /** One socket of a phone. */
    static final class Socket implements WebSipSocket {
        final WebSipWire wire;
        volatile boolean isProved;
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Socket(WebSipWire wire) {
            this.wire = wire;
        }

        @Override
        public void onText(String message) {
            heard.add(message);
        }

        @Override
        public boolean isProved() {
            return isProved;
        }

        @Override
        public void onClosed() {
            heard.add("closed");
        }
    }

    /** One INVITE to a phone. */
    record Rung(PhoneId phone, WebSipInvite invite, Rooms.FakeTrunkCall dialog) {}

    @Override
    public WebSipSocket accept(WebSipWire wire) {
        Socket socket = new Socket(wire);
        accepted.add(socket);
        return socket;
    }

    @Override
    public TrunkCall invite(PhoneId phone, WebSipInvite invite, TrunkListener listener) {
        Rooms.FakeTrunkCall dialog = new Rooms.FakeTrunkCall(
                new OutboundInvite("", invite.calledNumber(), Optional.empty(), Optional.empty(), invite.sdp()),
                listener);
        rung.add(new Rung(phone, invite, dialog));
        return dialog;
    }

    Rung rung() throws InterruptedException {
        Rung next = rung.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no INVITE to a phone within 10 s");
        }
        return next;
    }

    Socket accepted() throws InterruptedException {
        Socket next = accepted.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no socket within 10 s");
        }
        return next;
    }

    @Override
    public Map<String, Object> debugState() {
        return Map.of();
    }

    @Override
    public void close() {}
}

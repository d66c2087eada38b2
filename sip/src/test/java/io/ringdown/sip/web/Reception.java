package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A room that knows alice, who is 101 as well, and bob, by password and token, and writes down what it is told. */
final class Reception implements WebSipRoom {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    final Map<String, String> secrets = new ConcurrentHashMap<>();
    final Set<String> spent = ConcurrentHashMap.newKeySet();
    final AtomicReference<Runnable> beforeRegistered = new AtomicReference<>(() -> {});
    volatile boolean isSilent;
    volatile Optional<Duration> tokensLast = Optional.empty();
    final BlockingQueue<Arrived> invites = new LinkedBlockingQueue<>();

    /** By which socket each call was spoken in last. */
    final Map<String, WebSipWire> wires = new ConcurrentHashMap<>();

    /** A call that has come. */
    record Arrived(PhoneId phone, InboundInvite invite, TrunkCall call, Heard heard) {}

    /** The events of a call. */
    static final class Heard implements TrunkListener {
        private final BlockingQueue<TrunkEvent> events = new LinkedBlockingQueue<>();

        @Override
        public void onEvent(TrunkEvent event) {
            events.add(event);
        }

        /** The next of this kind. */
        <T extends TrunkEvent> T next(Class<T> kind) {
            try {
                while (true) {
                    TrunkEvent event = events.poll(30, TimeUnit.SECONDS);
                    assertThat(event).as("%s", kind).isNotNull();
                    if (kind.isInstance(event)) {
                        return kind.cast(event);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public Optional<Login> loginOf(String name) throws LoginUnavailableException {
        if (isSilent) {
            throw new LoginUnavailableException("nobody answers");
        }
        String user = name.equals("101") ? "alice" : name;
        return user.equals("alice") || user.equals("bob")
                ? Optional.of(new Login(user, DigestSecret.of(secrets.getOrDefault(user, "secret of " + user))))
                : Optional.empty();
    }

    @Override
    public Optional<Bearer> bearerOf(String token, Optional<String> known, WebSipWire wire) {
        return token.startsWith("token.of.") && !spent.contains(token)
                ? Optional.of(new Bearer(token.substring(9), tokensLast))
                : Optional.empty();
    }

    @Override
    public boolean isNameOfAnother(String name, String user) {
        String known = name.equals("101") ? "alice" : name;
        return !known.equals(user) && (known.equals("alice") || known.equals("bob"));
    }

    @Override
    public boolean isEmergency(String called) {
        return called.equals("112");
    }

    @Override
    public void onRegistered(PhoneId phone, WebSipWire wire, Duration expires) {
        beforeRegistered.getAndSet(() -> {}).run();
        told.add("registered " + phone.user() + " for " + expires.toSeconds());
    }

    @Override
    public void onUnregistered(PhoneId phone) {
        told.add("unregistered " + phone.user());
    }

    @Override
    public void onAway(PhoneId phone) {
        told.add("away " + phone.user());
    }

    @Override
    public void onBack(PhoneId phone) {
        told.add("back " + phone.user());
    }

    @Override
    public TrunkListener onInvite(PhoneId phone, WebSipWire wire, InboundInvite invite, TrunkCall call) {
        Heard heard = new Heard();
        invites.add(new Arrived(phone, invite, call, heard));
        return heard;
    }

    @Override
    public void onWire(PhoneId phone, WebSipWire wire, TrunkCall call) {
        wires.put(call.callId(), wire);
    }

    /** Waits until this is told. */
    void await(String what) {
        while (true) {
            String next = told(what);
            if (what.equals(next)) {
                return;
            }
        }
    }

    /** What is told next. */
    String next() {
        return told("something");
    }

    private String told(String wanted) {
        try {
            String next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).as(wanted).isNotNull();
            return String.valueOf(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next call. */
    Arrived invite() {
        try {
            Arrived next = invites.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("an INVITE").isNotNull();
            return Objects.requireNonNull(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

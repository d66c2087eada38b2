package io.ringdown.sip.jain;

import io.ringdown.sip.Cidr;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.dialog.DigestAuthorizer;
import io.ringdown.sip.dialog.NoCredentials;
import io.ringdown.sip.dialog.SipTimers;
import io.ringdown.sip.dialog.Terms;
import io.ringdown.sip.tls.PeerTls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One trunk at run time: its addresses as last resolved, its credentials, its counters. Safe for all threads; names are
 * resolved by whoever calls {@link #resolve}, which blocks.
 */
final class Trunk {
    private static final Logger LOG = LoggerFactory.getLogger(Trunk.class);

    private static final long WITHOUT_TCP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final TrunkSettings settings;
    private final Listening listening;
    private final Terms terms;
    private final Optional<PeerTls> tls;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong withoutTcpUntil = new AtomicLong(System.nanoTime());
    private final CountDownLatch firstTry = new CountDownLatch(1);
    private volatile List<InetAddress> addresses = List.of();
    private volatile boolean resolving = true;

    Trunk(
            String name,
            TrunkSettings settings,
            Listening listening,
            InfoRules info,
            RandomGenerator random,
            Optional<PeerTls> tls) {
        this.tls = tls;
        this.name = name;
        this.settings = settings;
        this.listening = listening;
        Optional<String> user = settings.username().or(settings::fromUser);
        this.terms = new Terms(
                user.isPresent() && settings.password().isPresent()
                        ? new DigestAuthorizer(user.get(), settings.password().get(), settings.realm(), random)
                        : new NoCredentials(),
                SipTimers.of(settings.silentAfter(), settings.noAnswerAfter()),
                info);
        try {
            addresses = List.of(InetAddress.ofLiteral(settings.address().host()));
            firstTry.countDown();
        } catch (IllegalArgumentException e) {
            LOG.debug("trunk {}: {} is a name", name, settings.address().host());
        }
    }

    String name() {
        return name;
    }

    TrunkSettings settings() {
        return settings;
    }

    Listening listening() {
        return listening;
    }

    Terms terms() {
        return terms;
    }

    /** How TLS is spoken to it; empty where its settings say nothing of TLS. */
    Optional<PeerTls> tls() {
        return tls;
    }

    /** Does what makes the stack find or open a connection, with this trunk's TLS. */
    <T, X extends Exception> T towards(ScopedValue.CallableOp<T, X> sending) throws X {
        return tls.isPresent()
                ? ScopedValue.where(StreamProcessor.TOWARDS, tls.get()).call(sending)
                : sending.call();
    }

    /** Whether a request of this many bytes goes by TCP although the trunk is reached by UDP. */
    boolean wantsTcp(int bytes, long now) {
        return settings.tcpAbove().isPresent()
                && bytes > settings.tcpAbove().getAsInt()
                && now - withoutTcpUntil.get() >= 0;
    }

    /** TCP was refused: it is not tried again for a while, since each try may cost a call seconds. */
    void withoutTcp(long now) {
        withoutTcpUntil.set(now + WITHOUT_TCP_NANOS);
    }

    AtomicInteger calls() {
        return calls;
    }

    boolean isNamed() {
        return firstTry.getCount() > 0 || !isLiteral();
    }

    private boolean isLiteral() {
        return addresses.size() == 1
                && addresses
                        .getFirst()
                        .getHostAddress()
                        .equals(settings.address().host());
    }

    /** Looks the name up; what was known before stays where that fails. Blocks as long as the resolver does. */
    void resolve() {
        try {
            InetAddress[] found = InetAddress.getAllByName(settings.address().host());
            addresses = List.of(found);
            if (!resolving) {
                LOG.info("trunk {}: {} is found again", name, settings.address().host());
            }
            resolving = true;
        } catch (UnknownHostException e) {
            if (resolving) {
                LOG.warn(
                        "trunk {}: the name {} is not found{}",
                        name,
                        settings.address().host(),
                        addresses.isEmpty() ? "" : "; its last address stays in use");
            }
            resolving = false;
        } finally {
            firstTry.countDown();
        }
    }

    /** Where to send to; waits for the first look-up at most as long as told. Empty where the name is unknown. */
    Optional<InetAddress> destination(long waitMillis) throws InterruptedException {
        if (addresses.isEmpty() && !firstTry.await(waitMillis, TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        int family = listening.settings().address().getAddress().length;
        return addresses.stream().filter(a -> a.getAddress().length == family).findFirst();
    }

    boolean isOwnAddress(InetAddress source) {
        return addresses.contains(source);
    }

    boolean admits(InetAddress source) {
        if (isOwnAddress(source)) {
            return true;
        }
        for (Cidr range : settings.allow()) {
            if (range.contains(source)) {
                return true;
            }
        }
        return false;
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("address", settings.address().toString());
        state.put(
                "resolved", addresses.stream().map(InetAddress::getHostAddress).toList());
        state.put("listen", listening.toString());
        state.put("calls", calls.get());
        return state;
    }
}

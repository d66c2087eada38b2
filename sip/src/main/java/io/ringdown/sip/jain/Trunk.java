package io.ringdown.sip.jain;

import io.ringdown.sip.Cidr;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.Referral;
import io.ringdown.sip.RegisterSettings;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.dialog.Authorizer;
import io.ringdown.sip.dialog.DigestAuthorizer;
import io.ringdown.sip.dialog.NoCredentials;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.dialog.SipTimers;
import io.ringdown.sip.dialog.Terms;
import io.ringdown.sip.locate.Location;
import io.ringdown.sip.locate.Reach;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.locate.dns.Locator;
import io.ringdown.sip.tls.PeerTls;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import javax.sip.address.Hop;
import javax.sip.message.Response;

/** One trunk at run time: where it is, who of it is up, its credentials, its counters. Safe for all threads. */
final class Trunk implements Line {
    private static final long WITHOUT_TCP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final TrunkSettings settings;
    private final List<Listening> serving;
    private final Locator.Sought sought;
    private final Targets targets;
    private final Terms terms;
    private final RandomGenerator random;
    private final Optional<PeerTls> tls;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong withoutTcpUntil = new AtomicLong(System.nanoTime());

    /** Served by these, of which there is at least one. */
    Trunk(
            String name,
            TrunkSettings settings,
            List<Listening> serving,
            Locator.Sought sought,
            InfoRules info,
            RandomGenerator random,
            Optional<PeerTls> tls) {
        this.tls = tls;
        this.name = name;
        this.settings = settings;
        this.serving = List.copyOf(serving);
        this.sought = sought;
        this.targets = new Targets(name, settings.health(), sought::location, random);
        this.random = random;
        this.terms = new Terms(
                authorizer(),
                SipTimers.of(settings.silentAfter(), settings.noAnswerAfter()),
                settings.sessionTimer(),
                settings.reliableProvisional(),
                settings.transfer().accept(),
                info,
                random);
    }

    /** The trunk's credentials, with a nonce of their own: those of the registrar may be another's than those of calls. */
    Authorizer authorizer() {
        Optional<String> user = settings.username().or(settings::fromUser);
        return user.isPresent() && settings.password().isPresent()
                ? new DigestAuthorizer(user.get(), settings.password().get(), settings.realm(), random)
                : new NoCredentials();
    }

    @Override
    public String name() {
        return name;
    }

    TrunkSettings settings() {
        return settings;
    }

    /** The listening address that stands for the trunk, in names and where nothing says otherwise. */
    Listening listening() {
        return serving.getFirst();
    }

    /** The listening address for this target. */
    Listening listening(Target target) {
        return serving.stream()
                .filter(one -> one.speaks(target.transport()))
                .filter(one -> Reach.Family.of(one.settings().address()) == Reach.Family.of(target.address()))
                .findFirst()
                .orElseGet(this::listening);
    }

    /** All listening addresses that may serve it. */
    List<Listening> serving() {
        return serving;
    }

    Terms terms() {
        return terms;
    }

    /** How TLS is spoken to it; empty where its settings say nothing of TLS. */
    Optional<PeerTls> tls() {
        return tls;
    }

    /** With this trunk's TLS. */
    @Override
    public <T, X extends Exception> T towards(ScopedValue.CallableOp<T, X> sending) throws X {
        return tls.isPresent()
                ? ScopedValue.where(StreamProcessor.TOWARDS, tls.get()).call(sending)
                : sending.call();
    }

    @Override
    public boolean wantsTcp(int bytes, long now) {
        return settings.tcpAbove().isPresent()
                && bytes > settings.tcpAbove().getAsInt()
                && now - withoutTcpUntil.get() >= 0;
    }

    /** It is not tried again for a while, since each try may cost a call seconds. */
    @Override
    public void withoutTcp(long now) {
        withoutTcpUntil.set(now + WITHOUT_TCP_NANOS);
    }

    @Override
    public AtomicInteger calls() {
        return calls;
    }

    Targets targets() {
        return targets;
    }

    /** Waits for the first look-up at most so long. */
    void awaitLocated(long millis) throws InterruptedException {
        if (!isLocated()) {
            sought.awaitFirst(millis);
        }
    }

    boolean isLocated() {
        return !location().places().isEmpty();
    }

    /** Whether calls have anywhere to go now. */
    boolean isReachable() {
        return isLocated() && !targets.allDown();
    }

    Location location() {
        return sought.location();
    }

    /** The user of our Contact, escaped; empty for none. */
    String contactUser() {
        return settings.register()
                .flatMap(RegisterSettings::contactUser)
                .or(() -> settings.username().map(SipText::user))
                .orElse("");
    }

    /** The Route headers' URIs of a request outside of dialogs: the outbound proxy, then those that the registrar gave. */
    List<String> routes(List<String> serviceRoute) {
        List<String> routes = new ArrayList<>();
        settings.outboundProxy()
                .map(proxy -> "sip:" + proxy + ";lr")
                .filter(proxy -> serviceRoute.isEmpty() || !sameServer(proxy, serviceRoute.getFirst()))
                .ifPresent(routes::add);
        routes.addAll(serviceRoute);
        return routes;
    }

    private static boolean sameServer(String one, String other) {
        return withoutParameters(one).equalsIgnoreCase(withoutParameters(other));
    }

    private static String withoutParameters(String uri) {
        int semicolon = uri.indexOf(';');
        return semicolon < 0 ? uri : uri.substring(0, semicolon);
    }

    @Override
    public boolean isOwnAddress(InetAddress source) {
        return location().addresses().contains(source);
    }

    /** Whether a URI's host, without brackets, is this trunk. */
    boolean isOwnHost(String host) {
        if (host.equalsIgnoreCase(settings.address().host())) {
            return true;
        }
        try {
            return isOwnAddress(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return false; // another name: nobody's names are looked up
        }
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

    @Override
    public boolean sharesCallsWith(Line other) {
        return equals(other);
    }

    @Override
    public boolean takesTransfers() {
        return settings.transfer().accept();
    }

    @Override
    public List<Redirect> redirects(Response response, Listening by, SipTransport transport) {
        return Redirects.of(response, this, by, transport);
    }

    @Override
    public Optional<List<SipHeader>> refer(Referral referral) {
        return Referring.headers(this, referral);
    }

    @Override
    public SipHeader reasonOf(HangupReason cancelled) {
        return Reason.of(cancelled);
    }

    @Override
    public boolean isWrittenDown() {
        return true;
    }

    @Override
    public boolean comesBack() {
        return false;
    }

    @Override
    public boolean isAway() {
        return false;
    }

    @Override
    public Optional<Hop> way() {
        return Optional.empty();
    }

    @Override
    public void readdress(Response response) {
        // It goes where the INVITE came from, as its Via says.
    }

    @Override
    public String toString() {
        return "trunk " + name;
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("address", settings.address().toString());
        settings.outboundProxy().ifPresent(proxy -> state.put("outbound-proxy", proxy.toString()));
        state.put("targets", targets.debugState());
        state.put("dns", sought.debugState());
        state.put("listen", serving.stream().map(Listening::toString).toList());
        state.put("calls", calls.get());
        return state;
    }
}

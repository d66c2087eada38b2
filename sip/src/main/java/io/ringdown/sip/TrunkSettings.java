package io.ringdown.sip;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One trunk.
 *
 * @param address where calls are sent to
 * @param tls how TLS is spoken to it, where its address says so
 * @param tcpAbove requests of more bytes go to a UDP trunk by TCP, and by UDP all the same where that is refused (RFC 3261
 *     18.1.1 has 1300); empty for never
 * @param username the digest user; empty where the trunk knows us by address
 * @param password the digest password
 * @param realm the only realm whose challenges are answered; empty answers any realm, but still only the trunk's addresses
 * @param outboundProxy where requests go to instead of {@code address}, which stays in the Request-URI (RFC 3261 8.1.2)
 * @param fromUser the user of From where a call has no caller number, {@code username} where absent
 * @param fromDomain the host of From; where absent, what we advertise
 * @param register how we register there (RFC 3261 10); empty for a trunk that knows where we are
 * @param assertedIdentity whether the caller's number goes into P-Asserted-Identity (RFC 3325) too
 * @param trustIdentity whether the trunk's P-Asserted-Identity is believed (RFC 3325 9.1); else From says who calls
 * @param headersOut names of headers that clients may add to INVITEs to it
 * @param headersIn names of headers of its INVITEs that clients are told
 * @param allow where calls may come from, besides the trunk's own addresses
 * @param listen which of {@code sip.listen} serves it; empty takes the first with the same transport and address family
 * @param health how it is found out whether the trunk is there
 * @param silentAfter without even a 100 by then, the call fails as {@link TrunkFailure.Silent}
 * @param noAnswerAfter without an answer by then, a call is cancelled (out) or refused (in)
 * @param sessionTimer how calls are kept from outliving one of their ends (RFC 4028)
 * @param redirects what its 3xx responses do (RFC 3261 8.1.3.4)
 * @param reliableProvisional whether we offer 100rel (RFC 3262) and acknowledge provisional responses by PRACK
 * @param transfer whether calls are transferred by SIP (RFC 3515, RFC 3891)
 * @param headers fixed headers for each INVITE; those that SIP itself lives by cannot be set
 */
public record TrunkSettings(
        TrunkAddress address,
        TlsSettings tls,
        OptionalInt tcpAbove,
        Optional<String> username,
        Optional<Secret> password,
        Optional<String> realm,
        Optional<TrunkAddress> outboundProxy,
        Optional<String> fromUser,
        Optional<String> fromDomain,
        Optional<RegisterSettings> register,
        boolean assertedIdentity,
        boolean trustIdentity,
        List<String> headersOut,
        List<String> headersIn,
        List<Cidr> allow,
        Optional<InetAddress> listen,
        HealthSettings health,
        Duration silentAfter,
        Duration noAnswerAfter,
        SessionTimerSettings sessionTimer,
        RedirectPolicy redirects,
        boolean reliableProvisional,
        TransferSettings transfer,
        Map<String, String> headers) {

    public TrunkSettings {
        headersOut = List.copyOf(headersOut);
        headersIn = List.copyOf(headersIn);
        allow = List.copyOf(allow);
        headers = Map.copyOf(headers);
        if (password.isPresent() && username.isEmpty() && fromUser.isEmpty()) {
            throw new IllegalArgumentException("username: missing; a password needs a user");
        }
        SipTransport usual = outboundProxy.orElse(address).transport();
        if (tcpAbove.isPresent() && usual != SipTransport.UDP) {
            throw new IllegalArgumentException("tcp-above: is for trunks over UDP, and this one is reached by "
                    + usual.uriName() + "; take it out");
        }
        if (tcpAbove.isPresent() && (tcpAbove.getAsInt() < 500 || tcpAbove.getAsInt() > 16_000)) {
            throw new IllegalArgumentException(
                    "tcp-above: " + tcpAbove.getAsInt() + " bytes is out of range; 500 to 16000, and 1300 is usual");
        }
        fromDomain.ifPresent(HostPort::parse);
        if (register.isPresent() && register.get().uri().isEmpty() && username.isEmpty() && fromUser.isEmpty()) {
            throw new IllegalArgumentException("register: whom to register is missing; give username or register.uri");
        }
        requireWithin("silent-after", silentAfter, Duration.ofMillis(500), Duration.ofSeconds(32));
        requireWithin("no-answer-after", noAnswerAfter, Duration.ofSeconds(1), Duration.ofMinutes(10));
        headers.forEach(HeaderRules::requireSettable);
        HeaderRules.requireWritable("headers-out", headersOut);
        HeaderRules.requireReadable("headers-in", headersIn);
    }

    /** A trunk at an address, known by it, with the usual times. */
    public static TrunkSettings at(TrunkAddress address) {
        return new TrunkSettings(
                address,
                TlsSettings.defaults(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                HealthSettings.defaults(),
                Duration.ofSeconds(4),
                Duration.ofSeconds(180),
                SessionTimerSettings.defaults(),
                RedirectPolicy.REFUSE,
                true,
                TransferSettings.defaults(),
                Map.of());
    }

    /** The values of absent keys; the address is one of them only for form, see {@link #required()}. */
    public static TrunkSettings defaults() {
        return at(TrunkAddress.parse("127.0.0.1:5070"));
    }

    /** As this, with credentials for digest. */
    public TrunkSettings withCredentials(String user, Secret secret, Optional<String> ofRealm) {
        Draft draft = new Draft(this);
        draft.username = Optional.of(user);
        draft.password = Optional.of(secret);
        draft.realm = ofRealm;
        return draft.settings();
    }

    /** As this, taking calls from these networks too. */
    public TrunkSettings withAllow(List<Cidr> networks) {
        Draft draft = new Draft(this);
        draft.allow = networks;
        return draft.settings();
    }

    /** As this, given up after so long without a 100. */
    public TrunkSettings withSilentAfter(Duration limit) {
        Draft draft = new Draft(this);
        draft.silentAfter = limit;
        return draft.settings();
    }

    /** As this, with such session timers. */
    public TrunkSettings withSessionTimer(SessionTimerSettings timer) {
        Draft draft = new Draft(this);
        draft.sessionTimer = timer;
        return draft.settings();
    }

    /** As this, with such redirects. */
    public TrunkSettings withRedirects(RedirectPolicy policy) {
        Draft draft = new Draft(this);
        draft.redirects = policy;
        return draft.settings();
    }

    /** As this, with clients that may add and are told of headers of these names, and with this trust in its P-Asserted-Identity. */
    public TrunkSettings withHeaderLists(List<String> out, List<String> in, boolean trusted) {
        Draft draft = new Draft(this);
        draft.trustIdentity = trusted;
        draft.headersOut = out;
        draft.headersIn = in;
        return draft.settings();
    }

    /** As this, with requests sent to this proxy. */
    public TrunkSettings withOutboundProxy(TrunkAddress proxy) {
        Draft draft = new Draft(this);
        draft.outboundProxy = Optional.of(proxy);
        return draft.settings();
    }

    /** As this, registered there. */
    public TrunkSettings withRegister(RegisterSettings how) {
        Draft draft = new Draft(this);
        draft.register = Optional.of(how);
        return draft.settings();
    }

    /** As this, watched like this. */
    public TrunkSettings withHealth(HealthSettings how) {
        Draft draft = new Draft(this);
        draft.health = how;
        return draft.settings();
    }

    /** Where requests are sent to: the outbound proxy, or the trunk itself. */
    public TrunkAddress nextHop() {
        return outboundProxy.orElse(address);
    }

    /** As this, with TLS spoken in this way. */
    public TrunkSettings withTls(TlsSettings how) {
        Draft draft = new Draft(this);
        draft.tls = how;
        return draft.settings();
    }

    /** As this, with calls transferred so. */
    public TrunkSettings withTransfer(TransferSettings how) {
        Draft draft = new Draft(this);
        draft.transfer = how;
        return draft.settings();
    }

    /** As this, with requests of more bytes by TCP. */
    public TrunkSettings withTcpAbove(int bytes) {
        Draft draft = new Draft(this);
        draft.tcpAbove = OptionalInt.of(bytes);
        return draft.settings();
    }

    /** What has to be spoken where it is served. */
    Set<SipTransport> transports() {
        SipTransport usual = nextHop().transport();
        return tcpAbove.isPresent() ? Set.of(usual, SipTransport.TCP) : Set.of(usual);
    }

    /** The keys that no default can stand for: a trunk is somewhere. */
    public static Set<String> required() {
        return Set.of("address");
    }

    private static void requireWithin(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + " ms is out of range; "
                    + least.toMillis() + " ms to " + most.toMillis() + " ms");
        }
    }

    /** Settings on their way to other ones: what a {@code with…} does not name stays. */
    private static final class Draft {
        private TrunkAddress address;
        private TlsSettings tls;
        private OptionalInt tcpAbove;
        private Optional<String> username;
        private Optional<Secret> password;
        private Optional<String> realm;
        private Optional<TrunkAddress> outboundProxy;
        private Optional<String> fromUser;
        private Optional<String> fromDomain;
        private Optional<RegisterSettings> register;
        private boolean assertedIdentity;
        private boolean trustIdentity;
        private List<String> headersOut;
        private List<String> headersIn;
        private List<Cidr> allow;
        private Optional<InetAddress> listen;
        private HealthSettings health;
        private Duration silentAfter;
        private Duration noAnswerAfter;
        private SessionTimerSettings sessionTimer;
        private RedirectPolicy redirects;
        private boolean reliableProvisional;
        private TransferSettings transfer;
        private Map<String, String> headers;

        Draft(TrunkSettings from) {
            address = from.address;
            tls = from.tls;
            tcpAbove = from.tcpAbove;
            username = from.username;
            password = from.password;
            realm = from.realm;
            outboundProxy = from.outboundProxy;
            fromUser = from.fromUser;
            fromDomain = from.fromDomain;
            register = from.register;
            assertedIdentity = from.assertedIdentity;
            trustIdentity = from.trustIdentity;
            headersOut = from.headersOut;
            headersIn = from.headersIn;
            allow = from.allow;
            listen = from.listen;
            health = from.health;
            silentAfter = from.silentAfter;
            noAnswerAfter = from.noAnswerAfter;
            sessionTimer = from.sessionTimer;
            redirects = from.redirects;
            reliableProvisional = from.reliableProvisional;
            transfer = from.transfer;
            headers = from.headers;
        }

        TrunkSettings settings() {
            return new TrunkSettings(
                    address,
                    tls,
                    tcpAbove,
                    username,
                    password,
                    realm,
                    outboundProxy,
                    fromUser,
                    fromDomain,
                    register,
                    assertedIdentity,
                    trustIdentity,
                    headersOut,
                    headersIn,
                    allow,
                    listen,
                    health,
                    silentAfter,
                    noAnswerAfter,
                    sessionTimer,
                    redirects,
                    reliableProvisional,
                    transfer,
                    headers);
        }
    }
}

package io.ringdown.sip;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real stack on loopback with one trunk, "peer". */
final class Gateway implements AutoCloseable {
    static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            c=IN IP4 127.0.0.1
            t=0 0
            m=audio 40000 RTP/AVP 0 8 101
            a=rtpmap:101 telephone-event/8000
            """.replace("\n", "\r\n");

    /** Bodies that the tests send: nothing here is meant to be a real reading of them. */
    static final InfoRules INFO = new InfoRules(
            List.of("application/dtmf-relay", "application/dtmf"),
            body -> body.text().startsWith("Signal=") || body.text().strip().length() == 1);

    /** An incoming call. */
    record Incoming(InboundInvite invite, TrunkCall call, Events events) {}

    private final BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
    private final SipTrunks trunks;

    private Gateway(SipSettings settings, Map<String, TrunkSettings> trunks, InfoRules info) {
        this(settings, trunks, info, DialogJournal.NONE);
    }

    private Gateway(SipSettings settings, Map<String, TrunkSettings> trunks, InfoRules info, DialogJournal journal) {
        InboundCalls calls = (invite, call) -> {
            Events events = new Events();
            incoming.add(new Incoming(invite, call, events));
            return events;
        };
        try {
            this.trunks = SipTrunks.start(settings, trunks, calls, info, journal);
        } catch (SipStartException e) {
            throw new AssertionError(e);
        }
    }

    static Gateway writing(DialogJournal journal, SipSettings settings, TrunkSettings peer) {
        return new Gateway(settings, Map.of("peer", peer), INFO, journal);
    }

    static SipSettings settings() {
        return settings(0);
    }

    /** Listening there. */
    static SipSettings settings(int port) {
        return SipSettings.defaults()
                .withListen(List.of(new ListenAddress(
                        Sipp.LOOPBACK, port, Set.of(SipTransport.UDP, SipTransport.TCP), Optional.empty())));
    }

    static Gateway towards(int port) {
        return towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP)));
    }

    static Gateway towards(TrunkSettings peer) {
        return new Gateway(settings(), Map.of("peer", peer), INFO);
    }

    static Gateway with(SipSettings settings, TrunkSettings peer) {
        return new Gateway(settings, Map.of("peer", peer), INFO);
    }

    static Gateway with(SipSettings settings, Map<String, TrunkSettings> trunks) {
        return new Gateway(settings, trunks, INFO);
    }

    /** As {@link #settings}, with names looked up there. */
    static SipSettings askingDns(HostPort server) {
        return settings().withDns(List.of(server));
    }

    static Gateway judging(InfoRules info, TrunkSettings peer) {
        return new Gateway(settings(), Map.of("peer", peer), info);
    }

    static TrunkSettings withPassword(int port, String password) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withCredentials("user", new Secret(password), Optional.of("ringdown.test"));
    }

    SipTrunks trunks() {
        return trunks;
    }

    int port() {
        return trunks.boundAddresses().getFirst().getPort();
    }

    TrunkCall call(Events events) {
        return call("peer", events);
    }

    TrunkCall call(String trunk, TrunkListener events) {
        return call(trunk, events, OFFER);
    }

    TrunkCall call(String trunk, TrunkListener events, String sdp) {
        return trunks.invite(
                new OutboundInvite(trunk, "+12025550100", Optional.of("+12025550199"), Optional.of("Ada \"L\""), sdp),
                events);
    }

    /** As {@link #call(Events)}, redirected where that is allowed. */
    TrunkCall call(Events events, RedirectJudge judge) {
        return trunks.invite(
                new OutboundInvite("peer", "+12025550100", Optional.empty(), Optional.empty(), OFFER)
                        .withRedirects(judge),
                events);
    }

    Incoming incoming() {
        try {
            Incoming next = incoming.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no call came in");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean hasIncoming() {
        return !incoming.isEmpty();
    }

    /** What the debug state says of this trunk. */
    Map<?, ?> trunk(String name) {
        Map<?, ?> all = (Map<?, ?>) Objects.requireNonNull(trunks.debugState().get("trunks"));
        return (Map<?, ?>) Objects.requireNonNull(all.get(name));
    }

    TrunkHealth health(String trunk) {
        return Objects.requireNonNull(trunks.health().get(trunk));
    }

    long counter(String name) {
        return counter(trunks, name);
    }

    static long counter(SipTrunks trunks, String name) {
        Map<?, ?> counters =
                (Map<?, ?>) Objects.requireNonNull(trunks.debugState().get("counters"));
        return (Long) Objects.requireNonNull(counters.get(name));
    }

    @Override
    public void close() {
        trunks.close();
    }
}

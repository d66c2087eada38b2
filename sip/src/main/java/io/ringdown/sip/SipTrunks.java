package io.ringdown.sip;

import io.ringdown.sip.jain.JainTrunks;
import io.ringdown.sip.tls.TlsHandshake;
import io.ringdown.sip.trace.MessageTrace;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trunks: calls out by {@link #invite}, calls in through {@link InboundCalls}. All methods may be called from any thread
 * and return at once, except {@link #start}, {@link #handshake} and {@link #close}.
 */
public final class SipTrunks implements AutoCloseable {
    private final JainTrunks trunks;

    private SipTrunks(JainTrunks trunks) {
        this.trunks = trunks;
    }

    /**
     * Binds all listening addresses and begins to serve; fails with one clear line where an address cannot be bound. No body of
     * an INFO is understood.
     */
    public static SipTrunks start(SipSettings settings, Map<String, TrunkSettings> trunks, InboundCalls inbound)
            throws SipStartException {
        return start(settings, trunks, inbound, InfoRules.none());
    }

    /** As the other, with bodies of INFO that are understood and told ({@link TrunkEvent.InfoReceived}). */
    public static SipTrunks start(
            SipSettings settings, Map<String, TrunkSettings> trunks, InboundCalls inbound, InfoRules info)
            throws SipStartException {
        return start(settings, trunks, inbound, info, DialogJournal.NONE);
    }

    /** As the others, with a journal in which each dialog is written down before it begins. */
    public static SipTrunks start(
            SipSettings settings,
            Map<String, TrunkSettings> trunks,
            InboundCalls inbound,
            InfoRules info,
            DialogJournal journal)
            throws SipStartException {
        return new SipTrunks(JainTrunks.start(settings, trunks, inbound, info, journal));
    }

    /**
     * Calls out. What follows comes to {@code listener}, ending in exactly one {@link TrunkEvent.Failed} or
     * {@link TrunkEvent.Ended}; IllegalArgumentException for a trunk that is not configured or a number that is none.
     */
    public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
        return trunks.invite(invite, listener);
    }

    /**
     * Goes on with a dialog that was written down, here or by another process that is gone or has let it go; the limits of calls do
     * not hold it up. {@code listener} gets what follows, as for a call of its own. Returns at once.
     *
     * <p>A confirmed one is a call like any other. An early one can only be ended: {@link TrunkCall#hangUp} sends CANCEL, and what
     * the peer has answered meanwhile is acknowledged and ended by BYE; a call of the peer's is refused ({@link TrunkCall#reject},
     * {@link TrunkCall#hangUp}), by the INVITE's Via (RFC 3261 18.2.2). Nothing is sent before that. Where our addresses have
     * changed since, Via and Contact are the new ones.
     *
     * @throws IllegalArgumentException where its trunk is not configured any more, or what was written makes no sense
     * @throws IllegalStateException once {@link #close} has begun: what was written is for somebody else then
     */
    public TrunkCall restore(DialogState dialog, TrunkListener listener) {
        return trunks.restore(dialog, listener);
    }

    /**
     * Takes no new calls from now on: their INVITEs get 503 with Retry-After, as do OPTIONS outside of calls, so that trunks try
     * elsewhere. The calls go on, and so do INVITEs that take the place of one (RFC 3891).
     */
    public void drain() {
        trunks.drain();
    }

    /** The addresses that are bound, in the order of the settings: with port 0 there, this tells the real one. */
    public List<InetSocketAddress> boundAddresses() {
        return trunks.boundAddresses();
    }

    /** The latest messages with trunks, without secrets and digits, for the admin port. */
    public MessageTrace trace() {
        return trunks.trace();
    }

    /** What is known of each trunk now, by its name: whether calls have anywhere to go, and whether we are registered. */
    public Map<String, TrunkHealth> health() {
        return trunks.health();
    }

    /** Whether calls to this trunk have anywhere to go now: an address that is known and not down. */
    public boolean isReachable(String trunk) {
        return trunks.isReachable(trunk);
    }

    /**
     * Shakes hands with a trunk by TLS, on a connection of its own that is closed then: for who wants to know how the trunk's
     * certificates are. Empty for a trunk that is not spoken to by TLS, or of which no address is known yet. Blocks, 6 s at most.
     */
    public Optional<TlsHandshake> handshake(String trunk) {
        return trunks.handshake(trunk);
    }

    /** The trunks, calls and counters, for the admin port: maps, lists, strings and numbers only. */
    public Map<String, Object> debugState() {
        return trunks.debugState();
    }

    /** Ends all calls by BYE, CANCEL or 503, waits at most 2 s for that, and closes all sockets. */
    @Override
    public void close() {
        trunks.close();
    }
}

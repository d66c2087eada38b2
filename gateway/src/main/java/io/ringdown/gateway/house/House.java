package io.ringdown.gateway.house;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.SipRoom;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The trunks, and beside them the house: a call to {@link Extensions#HOUSE} is joined in this process with a call in from there.
 * Thread-safe; every method returns at once.
 */
public final class House implements SipRoom {
    private final SipRoom trunks;
    private final Supplier<InboundCalls> calls;
    private final Executor executor;
    private final RandomGenerator random;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong over = new AtomicLong();

    /**
     * A house beside these trunks.
     *
     * @param calls takes the calls in, once there is one
     * @param executor runs what calls within the house have to do
     * @param random a secure one, for names
     */
    public House(SipRoom trunks, Supplier<InboundCalls> calls, Executor executor, RandomGenerator random) {
        this.trunks = trunks;
        this.calls = calls;
        this.executor = executor;
        this.random = random;
    }

    @Override
    public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
        if (!invite.trunk().equals(Extensions.HOUSE)) {
            return trunks.invite(invite, listener);
        }
        begun.incrementAndGet();
        String callId = CallId.random(random).hex() + "@" + Extensions.HOUSE;
        return new HouseLine(executor, callId, listener, over::incrementAndGet).invite(invite, calls.get());
    }

    @Override
    public TrunkCall restore(DialogState dialog, TrunkListener listener) {
        return trunks.restore(dialog, listener);
    }

    @Override
    public boolean isReachable(String trunk) {
        return trunk.equals(Extensions.HOUSE) || trunks.isReachable(trunk);
    }

    /** For the admin page. */
    public Map<String, Object> debugState() {
        long ended = over.get(); // first, so that no call seems to end before it began
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("begun", begun.get());
        state.put("calls", begun.get() - ended);
        return state;
    }
}

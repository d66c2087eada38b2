package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.RedirectJudge;
import io.ringdown.sip.Referral;
import io.ringdown.sip.TrunkCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The legs of a {@link LiveCall} with trunks, by their numbers, and the channels that they have there. On the call's {@link
 * Serial}, except {@link #newInbound}, {@link #of} and {@link #get}, which any thread may call.
 */
final class LiveLegs {
    private static final Logger LOG = LoggerFactory.getLogger(LiveLegs.class);

    private final CallId call;
    private final CallRooms rooms;
    private final Consumer<CallEvent> result;
    private final Consumer<CallEvent> post;
    private final Map<Integer, TrunkCall> legs = new ConcurrentHashMap<>();
    private final Map<Integer, TrunkLoads.Channel> channels = new HashMap<>();
    private final AtomicInteger adopted = new AtomicInteger();

    /** What became of an action goes to {@code result} at once; what trunks say later to {@code post}, from any thread. */
    LiveLegs(CallId call, CallRooms rooms, Consumer<CallEvent> result, Consumer<CallEvent> post) {
        this.call = call;
        this.rooms = rooms;
        this.result = result;
        this.post = post;
    }

    /** The number of a leg that a trunk opens in the place of another: no other leg has it. */
    int newInbound() {
        return adopted.decrementAndGet();
    }

    /** The trunk's end of a call from it, and the channel that it has there. */
    void adopt(int leg, TrunkCall inbound, TrunkLoads.Channel taken) {
        legs.put(leg, inbound);
        channels.put(leg, taken);
    }

    /** The number of this leg; empty if it is none of the call's. */
    OptionalInt of(TrunkCall trunk) {
        return legs.entrySet().stream()
                .filter(leg -> leg.getValue().equals(trunk))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /** The leg of this number, if there is one. */
    Optional<TrunkCall> find(int number) {
        return Optional.ofNullable(legs.get(number));
    }

    /** The leg of this number; IllegalStateException if there is none. */
    TrunkCall get(int number) {
        return find(number).orElseThrow(() -> new IllegalStateException("there is no leg " + number + " with a trunk"));
    }

    void takeChannel(CallAction.TakeChannel action) {
        TrunkLoads loads = rooms.switchboard().loads();
        long now = rooms.clock().getAsLong();
        Optional<TrunkLoads.Channel> taken = action.anyway()
                ? Optional.of(loads.takeOutAnyway(action.trunk(), now))
                : loads.takeOut(action.trunk(), now);
        taken.ifPresent(found -> channels.put(action.attempt(), found));
        if (taken.isEmpty()) {
            LOG.info("call {}: trunk {} has no line free just now", call, action.trunk());
        }
        result.accept(
                taken.isPresent()
                        ? new CallEvent.ChannelTaken(action.attempt())
                        : new CallEvent.TrunkFull(action.attempt()));
    }

    void rest(CallAction.RestTrunk action) {
        LOG.info(
                "call {}: trunk {} asks to be left alone for {} s",
                call,
                action.trunk(),
                action.asked().toSeconds());
        rooms.switchboard()
                .loads()
                .rest(action.trunk(), action.asked(), rooms.clock().getAsLong());
    }

    void invite(CallAction.Invite action, Optional<Reserved> reserved) {
        OutboundInvite invite = rooms.switchboard().lines().invite(action.trunk(), action.call(), action.sdp());
        invite(action.attempt(), invite, redirects(action.trunk(), action.call(), reserved));
    }

    void inviteReferred(CallAction.InviteReferred action, Optional<Reserved> reserved) {
        OutboundInvite plain = rooms.switchboard().lines().invite(action.trunk(), action.call(), action.sdp());
        OutboundInvite placed =
                action.target().replaces().map(plain::withReplaces).orElse(plain);
        invite(
                action.attempt(),
                action.target()
                        .referredBy()
                        .filter(by -> PhoneNumber.of(by).isPresent())
                        .map(placed::withReferredBy)
                        .orElse(placed),
                redirects(action.trunk(), action.call(), reserved));
    }

    private void invite(int attempt, OutboundInvite invite, RedirectJudge redirects) {
        OutboundInvite named = invite.withRedirects(redirects).withName(call.toString());
        TrunkCall trunk = rooms.sip().invite(named, event -> post.accept(new CallEvent.Trunk(attempt, event)));
        legs.put(attempt, trunk);
        LOG.info("call {} is SIP call {} on trunk {}", call, trunk.callId(), invite.trunk());
    }

    /** Nothing holds up a call for help, least of all where its own trunk knows better who helps. */
    private RedirectJudge redirects(String trunk, TrunkLines.Leaving leaving, Optional<Reserved> reserved) {
        if (leaving.emergency()) {
            return _ -> true;
        }
        // What the guard did not let through it cannot let go elsewhere.
        RedirectJudge judge =
                reserved.map(held -> rooms.switchboard().redirects(trunk, held)).orElse(_ -> false);
        return number -> {
            boolean mayCall = judge.mayCall(number);
            LOG.info(
                    "call {}: trunk {} redirects it to {}, which is {}",
                    call,
                    trunk,
                    PhoneNumber.of(number).map(PhoneNumber::toString).orElse("no number"),
                    mayCall ? "followed" : "refused: its caller could not dial that there");
            return mayCall;
        };
    }

    void refer(CallAction.Refer action) {
        Optional<String> by =
                action.by().map(number -> rooms.switchboard().lines().shown(action.trunk(), number));
        switch (action.target()) {
            case TransferTarget.Dialled number ->
                get(action.attempt())
                        .refer(rooms.switchboard().lines().referral(action.trunk(), number.to(), action.by()));
            case TransferTarget.Consulted consulted ->
                rooms.others()
                        .apply(consulted.with())
                        .flatMap(LiveCall::talkingLeg)
                        .ifPresentOrElse(
                                other -> get(action.attempt()).refer(new Referral.Attended(other, by)),
                                () -> result.accept(new CallEvent.OtherCallGone()));
            case TransferTarget.Colleague _,
                    TransferTarget.Joined _,
                    TransferTarget.Along _,
                    TransferTarget.Refused _,
                    TransferTarget.Impossible _ ->
                throw new IllegalStateException("no trunk is asked for what it has no part in");
        }
        LOG.info("call {}: trunk {} is asked to transfer it", call, action.trunk());
    }

    /** A press by INFO on this leg, in the form that the trunk is set to. */
    void signal(CallAction.SignalPress action, int leg, Optional<String> trunk) {
        DtmfSettings.InfoForm form = trunk.map(
                        name -> rooms.media().trunk(name).digits().infoForm())
                .orElse(DtmfSettings.InfoForm.DTMF_RELAY);
        InfoBody body = switch (form) {
            case DTMF_RELAY ->
                new InfoBody(
                        DtmfBody.DTMF_RELAY,
                        DtmfBody.relay(action.digit(), action.length().toMillis()));
            case DTMF -> new InfoBody(DtmfBody.DTMF, DtmfBody.dtmf(action.digit()));
        };
        get(leg).info(action.press(), body);
    }

    /** The number of legs that trunks have opened in the place of others. */
    int adopted() {
        return -adopted.get();
    }

    /**
     * Each leg as it is, to be gone on with elsewhere; empty while one of them is not established, or not any more: what is early is
     * with transactions that only we have.
     */
    Optional<List<LiveCallState.Leg>> state() {
        List<LiveCallState.Leg> states = new ArrayList<>();
        legs.forEach((number, trunk) -> trunk.state()
                .filter(dialog -> dialog.stage() == DialogState.Stage.CONFIRMED)
                .ifPresent(dialog -> states.add(new LiveCallState.Leg(number, dialog))));
        return states.size() == legs.size() ? Optional.of(states) : Optional.empty();
    }

    /** Goes on with legs that were written down; IllegalArgumentException where that cannot be, and then with none. */
    void restore(List<LiveCallState.Leg> states, int ofThemAdopted) {
        adopted.set(-ofThemAdopted);
        try {
            for (LiveCallState.Leg leg : states) {
                DialogState dialog = leg.dialog();
                boolean isOut = dialog.direction() == DialogState.Direction.OUTBOUND;
                channels.put(leg.number(), rooms.switchboard().loads().keep(dialog.trunk(), isOut));
                restore(leg);
            }
        } catch (RuntimeException cannot) {
            abandon();
            throw cannot;
        }
    }

    private void restore(LiveCallState.Leg leg) {
        legs.put(
                leg.number(),
                rooms.sip().restore(leg.dialog(), event -> post.accept(new CallEvent.Trunk(leg.number(), event))));
    }

    /**
     * Lets every leg go without a word to its trunk: as they were at the last, all of them, or none where one is not settled any
     * more; blocks until their trunks have worked off what came before. Channels are kept.
     */
    Optional<List<LiveCallState.Leg>> letGo() {
        List<LiveCallState.Leg> gone = new ArrayList<>();
        for (Map.Entry<Integer, TrunkCall> leg : legs.entrySet()) {
            Optional<DialogState> last = leg.getValue().letGo().join();
            if (last.isEmpty()) {
                takeBack(gone);
                return Optional.empty();
            }
            gone.add(new LiveCallState.Leg(leg.getKey(), last.get()));
        }
        return Optional.of(gone);
    }

    /** Goes on with legs that were let go, since nobody else does; their channels were kept. */
    void takeBack(List<LiveCallState.Leg> gone) {
        gone.forEach(this::restore);
    }

    /** Forgets every leg without a word to its trunk, since somebody else has what was written; channels are given back. */
    void abandon() {
        legs.values().forEach(TrunkCall::abandon);
        forgetAll();
    }

    /** This leg is over: its channel is given back. */
    void forget(int leg) {
        legs.remove(leg);
        TrunkLoads.Channel channel = channels.remove(leg);
        if (channel != null) {
            channel.give();
        }
    }

    void forgetAll() {
        List.copyOf(channels.keySet()).forEach(this::forget);
        legs.clear();
    }

    /** All that there are. */
    List<TrunkCall> all() {
        return List.copyOf(legs.values());
    }
}

package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** A call in until its answer: whom it rings, who takes it. Pure, as the call is. */
final class CallIn {
    private final CallFacts facts;
    private final CallOut out;
    private final Ringing ringing;
    private Optional<CallNews.Incoming> incoming;
    private Duration eachStage;
    private Optional<String> trunkOffer;
    private boolean waitsInGroup;

    /** All of it, to be written down. The trunk's offer may have keys in it. */
    record State(
            Ringing.State ringing,
            Optional<CallNews.Incoming> incoming,
            Duration eachStage,
            Optional<String> trunkOffer,
            boolean waitsInGroup) {
        static final State BEGUN =
                new State(Ringing.State.NOBODY, Optional.empty(), Duration.ZERO, Optional.empty(), false);

        @Override
        public String toString() {
            return "CallIn.State[masked]";
        }
    }

    /** {@code out} knows how a call is established. */
    CallIn(State state, CallFacts facts, CallOut out) {
        this.facts = facts;
        this.out = out;
        this.ringing = new Ringing(state.ringing);
        this.incoming = state.incoming;
        this.eachStage = state.eachStage;
        this.trunkOffer = state.trunkOffer;
        this.waitsInGroup = state.waitsInGroup;
    }

    State state() {
        return new State(ringing.state(), incoming, eachStage, trunkOffer, waitsInGroup);
    }

    void onInvited(CallEvent.Invited invited, long now) {
        facts.direction = Call.Direction.INBOUND;
        facts.to = Optional.of(invited.to());
        facts.trunk = Optional.of(invited.invite().trunk());
        trunkOffer = invited.invite().sdp();
        facts.inviteOpen = true;
        facts.state = Call.State.OFFERED;
        ringing.plan(invited.plan());
        waitsInGroup = invited.plan().group().isPresent();
        if (invited.plan().isNobody()) {
            facts.end(Ending.of(EndCause.UNAVAILABLE));
            return;
        }
        eachStage = invited.plan().each();
        facts.wake(CallFacts.Timer.RING, invited.plan().timeout().orElse(facts.settings.ringTimeout()), now);
        facts.act(new CallAction.RingTrunk());
        incoming = Optional.of(new CallNews.Incoming(
                invited.to(),
                invited.invite().callerNumber(),
                invited.invite().callerName(),
                invited.invite().headers(),
                invited.invite().diverted()));
        invited.plan()
                .group()
                .ifPresentOrElse(group -> facts.act(new CallAction.WaitInGroup(group)), () -> ringNext(now));
    }

    /** Rings more people of the group that it waits for; also while one of them tries to take it, who may not succeed. */
    void onRingToo(CallEvent.RingToo too) {
        if (waitsInGroup && (facts.state == Call.State.OFFERED || facts.state == Call.State.ACCEPTING)) {
            CallNews.Incoming rings = incoming.orElseThrow().ofGroup(too.group());
            incoming = Optional.of(rings);
            too.clients().stream().filter(ringing::add).forEach(client -> facts.tell(client, rings));
        }
    }

    /** They have not answered; who is about to take it has. */
    void onRingNoMore(Set<ClientId> clients) {
        if (facts.state == Call.State.OFFERED || facts.state == Call.State.ACCEPTING) {
            CallNews over = new CallNews.Over(Optional.empty(), Ending.of(EndCause.NO_ANSWER));
            clients.stream()
                    .filter(client -> !facts.owner.equals(Optional.of(client)))
                    .filter(client -> ringing.remove(client, EndCause.NO_ANSWER))
                    .forEach(client -> facts.tell(client, over));
        }
    }

    /** Nobody of the group takes it; somebody who is about to still may. */
    void onNobodyTakes(EndCause cause) {
        if (facts.state == Call.State.OFFERED) {
            facts.end(Ending.of(cause));
        }
    }

    /** Clients are rung for a call out that begins with them. */
    void ring(RingPlan plan, CallNews.Incoming told, long now) {
        facts.state = Call.State.OFFERED;
        ringing.plan(plan);
        if (!ringing.hasMore()) {
            facts.end(Ending.of(EndCause.UNAVAILABLE));
            return;
        }
        eachStage = plan.each();
        facts.wake(CallFacts.Timer.RING, plan.timeout().orElse(facts.settings.ringTimeout()), now);
        incoming = Optional.of(told);
        ringNext(now);
    }

    /** Rings the next stage, or ends the call as those have it who were rung. */
    private void ringNext(long now) {
        SequencedSet<ClientId> stage = ringing.next();
        facts.stop(CallFacts.Timer.NEXT_STAGE);
        if (stage.isEmpty()) {
            facts.end(Ending.of(ringing.outcome()));
            return;
        }
        if (ringing.hasMore()) {
            facts.wake(CallFacts.Timer.NEXT_STAGE, eachStage, now);
        }
        stage.forEach(client -> facts.tell(client, incoming.orElseThrow()));
    }

    void onStageOver(long now) {
        if (facts.state == Call.State.OFFERED) {
            ringing.nobodyAnswered();
            CallNews over = new CallNews.Over(Optional.empty(), Ending.of(EndCause.NO_ANSWER));
            ringing.all().forEach(client -> facts.tell(client, over));
            ringNext(now);
        }
    }

    /** A client takes it; true if it may. */
    boolean onAccept(ClientId client, Optional<String> forRef) {
        if (facts.state != Call.State.OFFERED || !ringing.rings(client)) {
            facts.refuse(client, forRef, ErrorCode.WRONG_STATE, "This call does not wait for an accept.");
            return false;
        }
        facts.owner = Optional.of(client);
        facts.state = Call.State.ACCEPTING;
        return true;
    }

    /** The offer of who took it is no good: it rings on. */
    void onAcceptFailed(ClientId client, CallEvent.WebRefused refused) {
        facts.state = Call.State.OFFERED;
        facts.owner = Optional.empty();
        facts.refuse(client, refused.ref(), ErrorCode.BAD_SDP, refused.why());
    }

    /** One person's no is no answer for the others. */
    void onReject(ClientId client, Optional<String> forRef, EndCause cause, long now) {
        if ((facts.state != Call.State.OFFERED && facts.state != Call.State.ACCEPTING) || !ringing.rings(client)) {
            facts.refuse(client, forRef, ErrorCode.WRONG_STATE, "This call does not ring here.");
            return;
        }
        if (facts.owner.equals(Optional.of(client))) {
            facts.end(Ending.of(cause));
        } else {
            ringing.remove(client, cause);
            facts.tell(client, new CallNews.Over(Optional.empty(), Ending.of(cause)));
            goOnWhenNobodyRings(now);
        }
    }

    /** A client that does not own it is gone; should it come back, this is what it finds. */
    void onGone(ClientId client, long now) {
        if (ringing.remove(client, EndCause.UNAVAILABLE)) {
            facts.tell(client, new CallNews.Over(Optional.empty(), Ending.of(EndCause.SOCKET_LOST)));
            goOnWhenNobodyRings(now);
        }
    }

    private void goOnWhenNobodyRings(long now) {
        if (ringing.isNobody() && !waitsInGroup) {
            ringNext(now);
        }
    }

    /** The answer is out to who took it. */
    void onAccepted(long now) {
        facts.state = Call.State.CONNECTING;
        facts.stop(CallFacts.Timer.RING);
        facts.stop(CallFacts.Timer.NEXT_STAGE);
        facts.wake(CallFacts.Timer.CONNECT, facts.settings.connectTimeout(), now);
        CallNews elsewhere = new CallNews.Over(Optional.empty(), Ending.of(EndCause.ANSWERED_ELSEWHERE));
        ringing.all().stream().filter(client -> !facts.owns(client)).forEach(client -> facts.tell(client, elsewhere));
        ringing.clear();
        if (facts.webConnected) {
            facts.stop(CallFacts.Timer.CONNECT);
            if (!facts.isOutbound()) {
                answer();
            }
        }
    }

    /** Media run to the browser: the trunk gets its answer. */
    void answer() {
        facts.state = Call.State.ANSWERING;
        facts.act(
                trunkOffer.isPresent()
                        ? new CallAction.AnswerTrunk(facts.trunkNow(), trunkOffer.get())
                        : new CallAction.OfferTrunk(facts.attempt, facts.trunkNow()));
    }

    /** The ACK of our 200; it carries the answer if the 200 carried our offer. */
    void onConfirmed(Optional<String> sdp) {
        if (facts.trunkAnswered && trunkOffer.isEmpty() && !facts.isOutbound() && !facts.trunkMedia) {
            sdp.ifPresentOrElse(
                    answer -> facts.act(new CallAction.TakeTrunkAnswer(facts.attempt, answer)),
                    () -> facts.end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE)));
        }
    }

    /** Our description for the 200. */
    void accept(String sdp) {
        if (facts.state == Call.State.ANSWERING) {
            facts.trunkAnswered = true;
            facts.act(new CallAction.AcceptTrunk(sdp));
            out.establish();
        }
    }

    /** What those who are rung are told; empty for a call out. */
    Optional<CallNews.Incoming> incoming() {
        return incoming;
    }

    /** Who had called has left the line to somebody else: whoever is shown the call from now on is shown them. */
    void onOtherEnd(Caller who) {
        incoming = incoming.map(told -> told.by(who.number().map(PhoneNumber::digits), who.name()));
    }

    boolean rings(ClientId client) {
        return ringing.rings(client);
    }

    /** It is over: those who are still rung, who are not any more. */
    List<ClientId> end() {
        List<ClientId> rung = List.copyOf(ringing.all());
        ringing.clear();
        return rung;
    }
}

package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A call that is begun for somebody: they are rung, then the number is called. */
final class CallOriginationTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final ClientId ANNS_PHONE = new ClientId("ann's phone", ClientId.Road.SOCKET);
    private static final PhoneNumber CUSTOMER = new PhoneNumber("+12025550100");
    private static final PhoneNumber OURS = new PhoneNumber("+12025550111");

    private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
    private final List<CallAction> done = new ArrayList<>();
    private long now = -5_000_000_000L;

    @Test
    void nobodyIsCalledBeforeTheAgentHasTakenItAndCanBeHeard() {
        originate(ANN, ANNS_PHONE);
        assertThat(told(ANN)).singleElement().isInstanceOfSatisfying(CallNews.Incoming.class, incoming -> {
            assertThat(incoming.originated()).isTrue();
            assertThat(incoming.to()).isEqualTo(CUSTOMER);
        });
        accept(ANN);
        assertThat(told(ANNS_PHONE)).last().isEqualTo(over(EndCause.ANSWERED_ELSEWHERE));
        assertThat(done(CallAction.RouteDial.class)).hasSize(1);
        on(new CallEvent.DialRouted(CUSTOMER, CallRoute.over(List.of("carrier"))));
        assertThat(done(CallAction.Invite.class)).isEmpty();
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(done(CallAction.Invite.class))
                .singleElement()
                .satisfies(invite -> assertThat(invite.call().from().number()).contains(OURS));
        on(new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("sdp"))));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        assertThat(call.direction()).isEqualTo(Call.Direction.OUTBOUND);
        assertThat(told(ANN)).last().isEqualTo(new CallNews.Established());
    }

    @Test
    void mediaThatAreThereBeforeTheRouteWaitForIt() {
        originate(ANN);
        accept(ANN);
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(done(CallAction.Invite.class)).isEmpty();
        on(new CallEvent.DialRouted(CUSTOMER, CallRoute.over(List.of("carrier"))));
        assertThat(done(CallAction.Invite.class)).hasSize(1);
    }

    @Test
    void whatTheGuardRefusesCallsNobody() {
        originate(ANN);
        accept(ANN);
        on(new CallEvent.DialRefused(EndCause.LIMIT_REACHED));
        assertThat(call.ending().map(Ending::cause)).contains(EndCause.LIMIT_REACHED);
        assertThat(told(ANN)).last().isEqualTo(over(EndCause.LIMIT_REACHED));
        assertThat(done(CallAction.TakeChannel.class)).isEmpty();
    }

    @Test
    void anAgentWhoDeclinesEndsIt() {
        originate(ANN);
        on(new CallEvent.Reject(ANN, Optional.empty(), false));
        assertThat(call.ending().map(Ending::cause)).contains(EndCause.DECLINED);
    }

    @Test
    void anAgentWhoLetsItRingEndsIt() {
        originate(ANN);
        now += CallSettings.defaults().ringTimeout().plus(Duration.ofMillis(1)).toNanos();
        on(new CallEvent.Tick());
        assertThat(call.ending().map(Ending::cause)).contains(EndCause.NO_ANSWER);
    }

    @Test
    void itCanBeTakenBackWhileItRings() {
        originate(ANN, ANNS_PHONE);
        on(new CallEvent.EndedByOperator());
        assertThat(call.ending().map(Ending::cause)).contains(EndCause.CANCELLED);
        assertThat(told(ANN)).last().isEqualTo(over(EndCause.CANCELLED));
        assertThat(told(ANNS_PHONE)).last().isEqualTo(over(EndCause.CANCELLED));
    }

    private void originate(ClientId... rung) {
        on(new CallEvent.Originated(
                CUSTOMER,
                Caller.of(Optional.of(OURS), Optional.empty()),
                RingPlan.together(new LinkedHashSet<>(List.of(rung)))));
    }

    private void accept(ClientId client) {
        on(new CallEvent.Accept(client, Optional.empty(), "offer"));
    }

    /** What media do is done at once; where the call may go is the test's to say. */
    private void on(CallEvent event) {
        for (CallAction action : call.on(event, now)) {
            done.add(action);
            switch (action) {
                case CallAction.AnswerWeb web -> on(new CallEvent.WebAnswered(web.ref(), "answer"));
                case CallAction.TakeChannel take -> on(new CallEvent.ChannelTaken(take.attempt()));
                case CallAction.OfferTrunk offer -> on(new CallEvent.TrunkOffered(offer.attempt(), "offer"));
                case CallAction.TakeTrunkAnswer take -> on(new CallEvent.TrunkAnswerTaken(take.attempt()));
                default -> {}
            }
        }
    }

    private static CallNews over(EndCause cause) {
        return new CallNews.Over(Optional.empty(), Ending.of(cause));
    }

    private <T extends CallAction> List<T> done(Class<T> type) {
        return done.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<CallNews> told(ClientId client) {
        return done(CallAction.Tell.class).stream()
                .filter(tell -> tell.client().equals(client))
                .map(CallAction.Tell::news)
                .toList();
    }
}

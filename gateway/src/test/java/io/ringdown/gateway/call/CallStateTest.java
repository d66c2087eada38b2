package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.json.RecordJson;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stands in a written call, and what does not. That it goes on the same is {@link CallExplorationTest}'s. */
final class CallStateTest {
    private static final CallId ID = new CallId("0123456789abcdef0123456789abcdef");
    private static final ClientId CLIENT = new ClientId("s", ClientId.Road.SOCKET);
    private static final PhoneNumber NUMBER = new PhoneNumber("+12025550123");
    private static final String KEY = "inline:c2VjcmV0IGtleSBvZiB0aGUgdHJ1bms";

    @Test
    void timesAreWhatIsLeftOfThem() {
        long begun = Long.MAX_VALUE - 5; // steady clocks may overflow
        Call call = new Call(ID, CallSettings.defaults());
        call.on(dial(), begun);
        CallState state = call.state(begun + Duration.ofSeconds(3).toNanos());
        assertThat(state.facts().waitsFor()).containsEntry(CallFacts.Timer.CONNECT, Duration.ofSeconds(5));

        Call readBack = Call.of(state, CallSettings.defaults(), 1_000);
        assertThat(readBack.nextWakeup()).hasValue(1_000 + Duration.ofSeconds(5).toNanos());
    }

    @Test
    void whichDigitsTheTelephoneHasPressedIsNotWritten() {
        String five = written(pressed('5'));
        assertThat(five).contains("\"roads\":[\"RTP\"]").isEqualTo(written(pressed('9')));
    }

    private static Call pressed(char digit) {
        Call call = established();
        call.on(
                new CallEvent.Media(new MediaEvent.DigitFromTrunk(
                        Digit.of(digit).orElseThrow(), Duration.ofMillis(100), DtmfRoad.RTP)),
                0);
        return call;
    }

    @Test
    void theKindsOfWhatMayBeOneOfSeveralArePromised() {
        assertThat(written(transferred(new TransferTarget.Dialled(NUMBER))))
                .contains("\"target\":{\"kind\":\"dialled\",\"to\":");
        assertThat(written(transferred(new TransferTarget.Consulted(ID))))
                .contains("\"target\":{\"kind\":\"consulted\",\"with\":");
    }

    private static Call transferred(TransferTarget target) {
        Call call = established();
        call.on(new CallEvent.Transfer(CLIENT, Optional.empty(), target), 0);
        return call;
    }

    @Test
    void theTextFormOfAStateTellsNoKeyAndNoNumber() {
        Call call = new Call(ID, CallSettings.defaults());
        call.on(
                new CallEvent.Invited(
                        new InboundInvite(
                                "t", "+12025550123", Optional.of("+442079460000"), Optional.empty(), Optional.of(KEY)),
                        NUMBER,
                        RingPlan.together(new LinkedHashSet<>(List.of(CLIENT)))),
                0);
        CallState state = call.state(0);
        assertThat(written(call)).contains(KEY).contains("+442079460000");
        assertThat(List.of(
                                state,
                                state.facts(),
                                state.digits(),
                                state.hold(),
                                state.out(),
                                state.in(),
                                state.move(),
                                state.transfer())
                        .toString())
                .doesNotContain(KEY)
                .doesNotContain("5550123")
                .doesNotContain("79460000");
    }

    private static String written(Call call) {
        return RecordJson.write(1, call.state(0));
    }

    private static CallEvent dial() {
        return new CallEvent.Dial(
                CLIENT, Optional.empty(), NUMBER, Caller.UNSAID, "offer", CallRoute.over(List.of("trunk")));
    }

    private static Call established() {
        Call call = new Call(ID, CallSettings.defaults());
        for (CallEvent event : List.of(
                dial(),
                new CallEvent.WebAnswered(Optional.empty(), "answer"),
                new CallEvent.Media(new MediaEvent.WebConnected()),
                new CallEvent.ChannelTaken(0),
                new CallEvent.TrunkOffered(0, "offer"),
                new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("answer"))),
                new CallEvent.TrunkAnswerTaken(0))) {
            call.on(event, 0);
        }
        assertThat(call.isSettled()).isTrue();
        return call;
    }
}

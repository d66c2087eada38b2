package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.RouteRule;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers through the whole gateway but its media and its SIP: who may be transferred where, and which leg is which. */
final class TransfersTest {
    private static final String PAGE = "http://page.example";
    private static final String ALICES = "the own key of alice 0123456789";
    private static final Optional<String> SDP = Optional.of("v=0");

    private Rooms rooms;
    private Client alice;

    @BeforeEach
    void start() throws Exception {
        rooms = rooms();
        alice = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        alice.say("{'type':'hello','token':'" + ALICES + "'}").next("welcome");
    }

    @AfterEach
    void stop() {
        alice.close();
        rooms.close();
    }

    @Test
    void numbersAreReadAsInACallAndWrittenAsTheTrunkWantsThem() throws Exception {
        Up up = call("+493055501234");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id + "','to':'030 / 123 456'}");
        assertThat(alice.next("transfer").path("stage").asText()).isEqualTo("asked");
        assertThat(up.trunk.asked()).isEqualTo("refer Blind");
        assertThat(up.trunk.referrals.take()).isInstanceOfSatisfying(Referral.Blind.class, blind -> {
            assertThat(blind.calledNumber()).isEqualTo("+4930123456");
            assertThat(blind.referredBy()).hasValue("+493012341");
        });
        up.trunk.tell(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        JsonNode done = alice.next("transfer");
        assertThat(done.path("stage").asText()).isEqualTo("done");
        assertThat(done.path("ref").asText()).isEqualTo("t");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("transferred");
        assertThat(up.trunk.asked()).isEqualTo("hangUp 16");
        awaitNoLineInUse();
    }

    @ParameterizedTest
    @CsvSource({
        "112, emergency-not-available",
        "+49112, emergency-not-available",
        "+999123, bad-number",
        "+49900123456, forbidden",
        "+33123456789, no-route",
    })
    void whereACallWouldNotGetToNoTransferGoesEither(String to, String cause) throws Exception {
        Up up = call("+493055501234");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id + "','to':'" + to + "'}");
        JsonNode failed = alice.next("transfer");
        assertThat(failed.path("stage").asText()).isEqualTo("failed");
        assertThat(failed.path("cause").asText()).isEqualTo(cause);
        assertThat(failed.path("text").asText()).isNotBlank();
        assertThat(up.trunk.asked).isEmpty();
    }

    @Test
    void twoCallsOnOneTrunkAreJoinedThere() throws Exception {
        Up first = call("+493055501234");
        Up second = call("+493055501235");
        alice.say("{'type':'transfer','ref':'t','call':'" + first.id + "','with':'" + second.id + "'}");
        assertThat(alice.next("transfer").path("stage").asText()).isEqualTo("asked");
        assertThat(first.trunk.referrals.take())
                .isInstanceOfSatisfying(
                        Referral.Attended.class,
                        attended -> assertThat(attended.other()).isSameAs(second.trunk));
        first.trunk.tell(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(alice.next("transfer").path("stage").asText()).isEqualTo("done");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("transferred");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("transferred");
        assertThat(second.trunk.asked()).isEqualTo("hangUp 16");
    }

    @Test
    void whatCannotBeAskedForIsRefusedWithWhatWouldBeRight() throws Exception {
        Up first = call("+493055501234");
        assertThat(refusal(first.id, "'with':'" + first.id + "'")).startsWith("no-transfer The field with");
        assertThat(refusal(first.id, "'to':'+1','with':'" + first.id + "'")).startsWith("bad-message");
        assertThat(refusal("0".repeat(32), "'to':'+493012345'")).startsWith("unknown-call");
        alice.say("{'type':'start','to':'+493055501236','sdp':'v=0'}");
        String ringing = alice.next("answer").path("call").asText();
        assertThat(refusal(first.id, "'with':'" + ringing + "'")).contains("answered first");
        assertThat(refusal(ringing, "'to':'+493012345'")).startsWith("wrong-state");
        assertThat(first.trunk.asked).isEmpty();
    }

    @Test
    void aTrunksReferralIsCalledAsTheUserWouldAndTakesTheMediaWithIt() throws Exception {
        Up up = call("+493055501234");
        up.trunk.tell(new TrunkEvent.Referred(new ReferTarget(
                "0044 1632 960100".replace(" ", ""),
                Optional.empty(),
                Optional.empty(),
                Optional.of("+493055509999"))));
        assertThat(alice.next("transfer").path("number").asText()).isEqualTo("+441632960100");
        Rooms.FakeTrunkCall other = rooms.invited();
        assertThat(other.invite.trunk()).isEqualTo("deaf");
        assertThat(other.invite.calledNumber()).isEqualTo("+441632960100");
        assertThat(other.invite.callerNumber()).hasValue("+493012341");
        assertThat(other.invite.referredBy()).hasValue("+493055509999");
        assertThat(up.trunk.asked()).isEqualTo("acceptRefer");
        other.tell(new TrunkEvent.Answered(SDP));
        assertThat(alice.next("transfer").path("stage").asText()).isEqualTo("done");
        assertThat(up.trunk.asked()).isEqualTo("referProgress 200");
        assertThat(up.media.swaps).hasValue(1);
        assertThat(up.media.drops).hasValue(1);
        up.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        alice.say("{'type':'hangup','call':'" + up.id + "'}");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
        assertThat(other.asked()).isEqualTo("hangUp 16");
        awaitNoLineInUse();
    }

    @ParameterizedTest
    @CsvSource({"112, 403", "+49900123456, 403", "+33123456789, 603", "sales, 603"})
    void aTrunkMayNotHaveUsCallWhomTheUserMayNotCall(String to, int status) throws Exception {
        Up up = call("+493055501234");
        up.trunk.tell(new TrunkEvent.Referred(ReferTarget.of(to)));
        assertThat(up.trunk.asked()).isEqualTo("rejectRefer " + status);
        assertThat(alice.rest())
                .extracting(message -> message.path("type").asText())
                .doesNotContain("transfer");
    }

    @Test
    void aReferralInPlaceOfAnotherCallGoesBackToTheTrunkThatKnowsIt() throws Exception {
        Up up = call("+493055501234");
        Replacement there = new Replacement("their-call", "a", "b", false);
        up.trunk.tell(new TrunkEvent.Referred(
                new ReferTarget("+441632960100", Optional.of(there), Optional.empty(), Optional.empty())));
        alice.next("transfer");
        OutboundInvite invite = rooms.invited().invite;
        assertThat(invite.trunk()).isEqualTo("carrier");
        assertThat(invite.replaces()).hasValue(there);
    }

    @Test
    void aReferralInPlaceOfAnothersBrowserIsDeclined() throws Exception {
        Up up = call("+493055501234");
        Up other = call("+493055501235");
        Replacement ours = new Replacement("our-call", "a", "b", false);
        up.trunk.tell(new TrunkEvent.Referred(
                new ReferTarget("+493055501235", Optional.of(ours), Optional.of(other.trunk), Optional.empty())));
        assertThat(up.trunk.asked()).isEqualTo("rejectRefer 603");
    }

    @Test
    void anInviteInThePlaceOfACallRingsNobodyAndTakesIt() throws Exception {
        Up up = call("+493055501234");
        Rooms.FakeTrunkCall caller = caller();
        TrunkListener listener = rooms.calls.onInvite(replacing(up.trunk), caller);
        JsonNode done = alice.next("transfer");
        assertThat(done.path("stage").asText()).isEqualTo("done");
        assertThat(done.path("number").asText()).isEqualTo("+442079460000");
        assertThat(done.path("name").asText()).isEqualTo("Ada");
        assertThat(caller.asked()).isEqualTo("answer");
        assertThat(up.trunk.asked()).isEqualTo("hangUp 16");
        assertThat(up.media.swaps).hasValue(1);
        listener.onEvent(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
        awaitNoLineInUse();
    }

    @Test
    void anInviteInThePlaceOfNoCallOfOursIsRefused() {
        Rooms.FakeTrunkCall caller = caller();
        rooms.calls.onInvite(replacing(caller()), caller);
        assertThat(caller.asked).containsExactly("reject 481");
    }

    /** Lines are given back after the client was told. */
    private void awaitNoLineInUse() {
        for (int i = 0; i < 1_000 && linesInUse() > 0; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(linesInUse()).isZero();
    }

    private int linesInUse() {
        return rooms.calls.trunkLoads().values().stream()
                .mapToInt(trunk -> trunk.in() + trunk.out())
                .sum();
    }

    private static Rooms.FakeTrunkCall caller() {
        return new Rooms.FakeTrunkCall(new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
    }

    private static InboundInvite replacing(TrunkCall call) {
        return new InboundInvite("carrier", "+493012341", Optional.of("00442079460000"), Optional.of("Ada"), SDP)
                .withReplaces(Optional.of(call));
    }

    /** A call that was answered. */
    private record Up(String id, Rooms.FakeTrunkCall trunk, Rooms.FakeSession media) {}

    private Up call(String to) throws Exception {
        alice.say("{'type':'start','to':'" + to + "','from':'030 12341','sdp':'v=0'}");
        String id = alice.next("answer").path("call").asText();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(SDP));
        alice.next("established");
        return new Up(id, trunk, media);
    }

    private String refusal(String call, String target) throws Exception {
        alice.say("{'type':'transfer','ref':'t','call':'" + call + "'," + target + "}");
        JsonNode error = alice.next("error");
        assertThat(error.path("ref").asText()).isEqualTo("t");
        return error.path("code").asText() + " " + error.path("text").asText();
    }

    private static Rooms rooms() throws Exception {
        NumberSettings numbers = new NumberSettings(Optional.of(new Country("DE")), false);
        NumberPlan plan = new NumberPlan(numbers.country());
        Secret key = Secret.parse(ALICES);
        Users users = new Users(
                new LinkedHashMap<>(Map.of(
                        "alice",
                        new User(
                                Optional.of(key),
                                List.of(new PhoneNumber("+493012341")),
                                Optional.empty(),
                                List.of("sales")))),
                plan);
        EmergencySettings help = EmergencySettings.defaults();
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+49")));
        prefixes.put("deaf", List.of(Prefix.parse("+44")));
        RouteRule usual = RouteRule.defaults();
        RouteRule forbidden = new RouteRule(
                Optional.of("dear"),
                List.of(Prefix.parse("+49900")),
                Set.of(),
                Set.of(),
                List.of(),
                List.of("sales"),
                Set.of(),
                usual.hours(),
                usual.zone(),
                List.of(),
                false,
                Set.of());
        TrunkLines.Line line = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults());
        TrunkLines.Line deaf = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults(), false);
        Switchboard switchboard = new Switchboard(
                new Routing(numbers, help, List.of(forbidden), new Routes(prefixes), users),
                new TrunkLines(Map.of("carrier", line, "deaf", deaf), plan, help),
                new TrunkLoads(
                        Map.of("carrier", TrunkLimits.defaults(), "deaf", TrunkLimits.defaults()), System.nanoTime()),
                new InboundRules(List.of(), plan, users),
                users,
                InstantSource.system(),
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime),
                Extensions.NONE);
        return new Rooms(
                Rooms.settings(PAGE),
                TokenVerifier.of(TokenSettings.defaults(), Map.of("alice", key)),
                1,
                CallSettings.defaults(),
                switchboard);
    }
}

package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that comes back, over real sockets on loopback: docs/protocol.md, "Coming back". */
final class ResumptionTest {
    private static final Map<String, String> FROM_PAGE = Map.of("Origin", "https://example.com");
    private static final String HELLO = "{'type':'hello','page':'p1','numbers':['+12025550199']}";

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings("https://example.com"), new TokenVerifier.Everybody());
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void whatWasSaidMeanwhileFollowsInOrderAtAnyListenerAndNothingTwice() throws Exception {
        Client lost = client();
        JsonNode welcome = lost.say(HELLO).next("welcome");
        assertThat(welcome.get("resumed").asBoolean()).isFalse();
        assertThat(welcome.get("resumeWithin").asLong()).isEqualTo(30_000);
        assertThat(welcome.has("calls")).isFalse();
        lost.say("{'type':'start','seq':1,'to':'+12025550100','sdp':'v=0'}");
        JsonNode answer = lost.next("answer");
        assertThat(answer.get("seq").asLong()).isEqualTo(1);
        rooms.media.take().connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        lost.close();
        awaitAway(1);
        trunk.tell(new TrunkEvent.Trying());
        trunk.tell(new TrunkEvent.Progress(180, Optional.empty()));
        awaitState(answer, "RINGING");
        try (Client back = new Client(rooms.web.ports().getLast(), "ringdown.v1", FROM_PAGE)) {
            JsonNode again = back.say(resume(welcome, ",'received':1")).next("welcome");
            assertThat(again.get("resumed").asBoolean()).isTrue();
            assertThat(again.get("session")).isEqualTo(welcome.get("session"));
            assertThat(again.get("resume")).isNotEqualTo(welcome.get("resume"));
            assertThat(again.get("taken").asLong()).isEqualTo(1);
            assertThat(again.has("gap")).isFalse();
            JsonNode call = again.get("calls").get(0);
            assertThat(call.get("call")).isEqualTo(answer.get("call"));
            assertThat(call.get("direction").asText()).isEqualTo("outbound");
            assertThat(call.get("state").asText()).isEqualTo("ringing");
            assertThat(call.get("to").asText()).isEqualTo("+12025550100");
            assertThat(call.get("held").asText()).isEqualTo("none");
            assertThat(call.get("muted").asBoolean()).isFalse();
            assertThat(call.get("media").asText()).isEqualTo("kept");
            assertThat(call.has("sinceMillis")).isFalse();
            assertThat(back.next("progress").get("seq").asLong()).isEqualTo(2);
            assertThat(back.next("progress").get("seq").asLong()).isEqualTo(3);
            back.say("{'type':'start','seq':1,'ref':'again','to':'+12025550100','sdp':'v=0'}"); // it has come before
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            assertThat(back.next("established").get("seq").asLong()).isEqualTo(4);
            assertThat(rooms.calls.count()).isEqualTo(1);
            back.say("{'type':'hangup','seq':2,'call':'" + answer.get("call").asText() + "'}");
            back.next("ended");
        }
    }

    @Test
    void aPageThatWasLoadedAgainBeginsWithItsCallsAsTheyAre() throws Exception {
        Client lost = client();
        JsonNode welcome = lost.say(HELLO).next("welcome");
        JsonNode answer = talk(lost);
        String call = answer.get("call").asText();
        lost.say("{'type':'mute','call':'" + call + "','muted':true}");
        lost.say("{'type':'secure-input','call':'" + call + "','on':true}").next("secure-input");
        lost.say("{'type':'hold','call':'" + call + "'}").next("held");
        Rooms.FakeTrunkCall caller = rings(lost);
        lost.close();
        try (Client back = client()) {
            JsonNode calls = back.say(resume(welcome, "")).next("welcome").get("calls");
            JsonNode out = going("outbound", calls);
            assertThat(out.get("state").asText()).isEqualTo("established");
            assertThat(out.get("held").asText()).isEqualTo("browser");
            assertThat(out.get("muted").asBoolean()).isTrue();
            assertThat(out.get("secureInput").asBoolean()).isTrue();
            assertThat(out.get("sinceMillis").asLong()).isBetween(0L, 60_000L);
            JsonNode in = going("inbound", calls);
            assertThat(in.get("state").asText()).isEqualTo("incoming");
            assertThat(in.get("from").asText()).isEqualTo("+12025550111");
            back.say("{'type':'update','ref':'u','call':'" + call + "','sdp':'v=0'}");
            assertThat(back.next("answer").get("ref").asText()).isEqualTo("u");
            back.say("{'type':'accept','call':'" + in.get("call").asText() + "','sdp':'v=0'}")
                    .next("answer");
            rooms.media.take().connect();
            assertThat(caller.asked()).isEqualTo("ring");
            assertThat(caller.asked()).isEqualTo("answer");
        }
    }

    @Test
    void newCallsRingAtWhoIsOnlyJustAwayAndAreFoundThere() throws Exception {
        Client lost = client();
        JsonNode welcome = lost.say(HELLO).next("welcome");
        lost.close();
        awaitAway(1);
        Rooms.FakeTrunkCall caller =
                new Rooms.FakeTrunkCall(new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
        rooms.calls.onInvite(invite(), caller);
        assertThat(caller.asked()).isEqualTo("ring");
        try (Client back = client()) {
            back.say(resume(welcome, ",'received':0")).next("welcome");
            assertThat(back.next("incoming").get("to").asText()).isEqualTo("+12025550199");
        }
    }

    @Test
    void whoDoesNotComeBackInTimeIsForgottenAndSoAreItsRingingCalls() throws Exception {
        try (Rooms brief = new Rooms(
                Rooms.settings("https://example.com").withResumption(Duration.ofMillis(300), Duration.ofMillis(100)),
                new TokenVerifier.Everybody())) {
            JsonNode welcome;
            Rooms.FakeTrunkCall caller;
            try (Client lost = new Client(brief.web.port(), "ringdown.v1", FROM_PAGE)) {
                welcome = lost.say(HELLO).next("welcome");
                caller = new Rooms.FakeTrunkCall(
                        new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
                brief.calls.onInvite(invite(), caller);
                lost.next("incoming");
            }
            assertThat(caller.asked()).isEqualTo("ring");
            assertThat(caller.asked()).isEqualTo("reject 480");
            eventually(() -> brief.sessions.debugState().isEmpty());
            assertThat(brief.sessions.happened(Sessions.Happening.EXPIRED)).isEqualTo(1);
            assertThat(brief.sessions.budget().left()).isEqualTo(64L << 20);
            try (Client late = new Client(brief.web.port(), "ringdown.v1", FROM_PAGE)) {
                JsonNode anew = late.say(resume(welcome, ",'received':0")).next("welcome");
                assertThat(anew.get("resumed").asBoolean()).isFalse();
                assertThat(anew.get("session")).isNotEqualTo(welcome.get("session"));
            }
        }
    }

    @Test
    void whoIsGoneComesBackToACallThatLivesOn() throws Exception {
        try (Rooms brief = new Rooms(
                Rooms.settings("https://example.com").withResumption(Duration.ofMillis(200), Duration.ofMillis(100)),
                new TokenVerifier.Everybody())) {
            rooms.close();
            rooms = brief;
            Client lost = client();
            JsonNode welcome = lost.say(HELLO).next("welcome");
            JsonNode answer =
                    lost.say("{'type':'start','to':'+12025550100','sdp':'v=0'}").next("answer");
            Rooms.FakeSession media = rooms.media.take();
            media.connect();
            rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
            lost.next("established");
            lost.close();
            eventually(() -> rooms.sessions.happened(Sessions.Happening.EXPIRED) == 1);
            ClientId gone = rooms.calls
                    .snapshot(CallId.of(answer.get("call").asText()).orElseThrow())
                    .orElseThrow()
                    .owner()
                    .orElseThrow();
            CallNews rings = new CallNews.Incoming(
                    new PhoneNumber("+12025550199"), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
            assertThat(rooms.sessions.tell(gone, rooms.calls.newId(), rings)).isFalse();
            try (Client back = client()) {
                JsonNode calls = back.say(resume(welcome, "")).next("welcome").get("calls");
                assertThat(calls).hasSize(1);
                media.listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
                back.say("{'type':'ping'}").next("pong");
                assertThat(rooms.calls.count()).isEqualTo(1);
            }
            eventually(() -> rooms.sessions.debugState().isEmpty());
            rooms.awaitNoCall();
        }
    }

    @Test
    void whoSignsOutIsNotWaitedForButAPageThatIsLeftIs() throws Exception {
        try (Client leaves = client();
                Client reloads = client()) {
            leaves.say(HELLO).next("welcome");
            JsonNode welcome = reloads.say(HELLO).next("welcome");
            leaves.leave(1000);
            reloads.leave(1001);
            eventually(() -> rooms.sessions.count() == 0);
            assertThat(rooms.sessions.debugState())
                    .singleElement()
                    .satisfies(left -> assertThat(left)
                            .containsEntry("id", welcome.get("session").asText()));
        }
    }

    @Test
    void anotherPageIsTurnedAwayWhileTheFirstAnswersAndMayTakeItOver() throws Exception {
        try (Client first = client();
                Client other = client()) {
            JsonNode welcome = first.say(HELLO).next("welcome");
            JsonNode answer = talk(first);
            String knock = resume(welcome, ",'page':'p2','ref':'k'");
            other.say(knock);
            JsonNode error = other.next("error");
            assertThat(error.get("code").asText()).isEqualTo("session-in-use");
            assertThat(error.get("ref").asText()).isEqualTo("k");
            assertThat(error.get("calls").asInt()).isEqualTo(1);
            assertThat(error.has("seq")).isFalse();
            first.say("{'type':'ping'}").next("pong");
            other.say(knock.replace("}", ",'takeOver':true}"));
            JsonNode again = other.next("welcome");
            assertThat(again.get("calls").get(0).get("call")).isEqualTo(answer.get("call"));
            assertThat(first.next("taken-over").has("seq")).isFalse();
            assertThat(first.closed()).isEqualTo(4001);
            rooms.calls.post(CallId.of(answer.get("call").asText()).orElseThrow(), new CallEvent.WebMediaWanted());
            assertThat(other.next("renew").get("call")).isEqualTo(answer.get("call"));
            assertThat(rooms.sessions.count()).isEqualTo(1);
            assertThat(rooms.sessions.happened(Sessions.Happening.TAKEN_OVER)).isEqualTo(1);
        }
    }

    @Test
    void anotherPageIsToldThatTheFirstHasNoCalls() throws Exception {
        try (Client first = client();
                Client other = client()) {
            JsonNode welcome = first.say(HELLO).next("welcome");
            other.say(resume(welcome, ",'page':'p2'"));
            JsonNode error = other.next("error");
            assertThat(error.get("code").asText()).isEqualTo("session-in-use");
            assertThat(error.get("calls").isInt()).isTrue();
            assertThat(error.get("calls").asInt()).isZero();
        }
    }

    @Test
    void theSamePageReplacesItsOwnSocketAtOnce() throws Exception {
        try (Client first = client();
                Client again = client()) {
            JsonNode welcome = first.say(HELLO).next("welcome");
            again.say(resume(welcome, ",'page':'p1'")).next("welcome");
            first.next("taken-over");
            assertThat(first.closed()).isEqualTo(4001);
        }
    }

    @Test
    void whoTakesASessionFromASocketThatIsStillThereHasTimeToBeHeard() throws Exception {
        try (Client first = client();
                Client again = client()) {
            JsonNode welcome = first.say(HELLO).next("welcome");
            first.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
            String call = first.next("answer").get("call").asText();
            Rooms.FakeSession media = rooms.media.take();
            media.connect();
            rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
            first.next("established");
            media.listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
            again.say(resume(welcome, ",'page':'p1'")).next("welcome");
            again.say("{'type':'ping'}").next("pong");
            media.listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(30), true));
            again.say("{'type':'hangup','call':'" + call + "'}");
            assertThat(again.next("ended").get("cause").asText()).isEqualTo("normal");
        }
    }

    @Test
    void theTokenBeforeWorksUntilTheNewOneWasUsed() throws Exception {
        JsonNode first;
        JsonNode second;
        try (Client one = client()) {
            first = one.say(HELLO).next("welcome");
            JsonNode unseen = again(first); // a welcome that gets lost: what it was for works again
            second = again(first);
            assertThat(second.get("resumed").asBoolean()).isTrue();
            assertThat(again(unseen).get("resumed").asBoolean()).isFalse();
        }
        assertThat(again(second).get("resumed").asBoolean()).isTrue();
        assertThat(again(first).get("resumed").asBoolean()).isFalse();
    }

    private JsonNode again(JsonNode welcome) throws Exception {
        try (Client back = client()) {
            return back.say(resume(welcome, ",'takeOver':true")).next("welcome");
        }
    }

    @Test
    void theSessionsTokenNeedsNoOtherButAnotherMustNotNameSomebodyElse() throws Exception {
        rooms.close();
        rooms = new Rooms(
                Rooms.settings("https://example.com"),
                new TokenVerifier.KeysOfUsers(
                        Map.of(
                                "ann",
                                Secret.parse("the key of ann herself"),
                                "bob",
                                Secret.parse("the key of bob himself")),
                        Optional.empty()));
        Client lost = client();
        JsonNode welcome =
                lost.say("{'type':'hello','token':'the key of ann herself'}").next("welcome");
        lost.close();
        try (Client thief = client()) {
            thief.say(resume(welcome, ",'token':'the key of bob himself'"));
            assertThat(thief.next("error").get("code").asText()).isEqualTo("unauthorized");
            assertThat(thief.closed()).isEqualTo(1008);
        }
        try (Client back = client()) {
            JsonNode again = back.say(resume(welcome, "")).next("welcome");
            assertThat(again.get("resumed").asBoolean()).isTrue();
            assertThat(rooms.sessions.debugState().toString())
                    .doesNotContain(welcome.get("resume").asText())
                    .doesNotContain(again.get("resume").asText());
        }
    }

    @Test
    void onlySoManyClientsOfAnAddressAreWaitedFor() throws Exception {
        rooms.close();
        rooms = new Rooms(
                Rooms.settings("https://example.com").withSocketsPerAddress(2), new TokenVerifier.Everybody());
        JsonNode[] welcomes = new JsonNode[3];
        for (int i = 0; i < welcomes.length; i++) {
            int number = i;
            eventually(() -> rooms.sessions.count() == 0);
            try (Client lost = client()) {
                welcomes[number] = lost.say("{'type':'hello'}").next("welcome");
            }
        }
        eventually(() -> rooms.sessions.count() == 0 && rooms.sessions.away() == 2);
        try (Client back = client()) {
            assertThat(back.say(resume(welcomes[2], ""))
                            .next("welcome")
                            .get("resumed")
                            .asBoolean())
                    .isFalse();
        }
        try (Client back = client()) {
            assertThat(back.say(resume(welcomes[0], ""))
                            .next("welcome")
                            .get("resumed")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aGatewayThatIsAboutToStopKeepsWhoHasCallsAndTakesNobodyIn() throws Exception {
        Client talking = client();
        try (Client idle = client()) {
            JsonNode welcome = talking.say(HELLO).next("welcome");
            JsonNode answer = talk(talking);
            idle.say("{'type':'hello'}").next("welcome");
            rooms.sessions.drain(Duration.ofSeconds(60));
            assertThat(talking.next("draining").get("within").asLong()).isEqualTo(60_000);
            idle.next("draining");
            assertThat(idle.closed()).isEqualTo(1001);
            try (Client newcomer = client()) {
                newcomer.say("{'type':'hello'}");
                assertThat(newcomer.next("error").get("code").asText()).isEqualTo("shutdown");
                assertThat(newcomer.closed()).isEqualTo(1001);
            }
            talking.close();
            awaitAway(1);
            try (Client back = client()) {
                back.say(resume(welcome, "")).next("welcome");
                assertThat(back.next("draining").get("within").asLong()).isBetween(1L, 60_000L);
                back.say("{'type':'hangup','call':'" + answer.get("call").asText() + "'}");
                assertThat(back.next("ended").get("cause").asText()).isEqualTo("normal");
                assertThat(back.closed()).isEqualTo(1001);
            }
            eventually(() -> rooms.sessions.debugState().isEmpty());
        }
    }

    @Test
    void whoWaitsAtTheDoorOfASessionThatIsSentAwayIsSentAwayToo() throws Exception {
        try (Client first = client();
                Client other = client()) {
            JsonNode welcome = first.say(HELLO).next("welcome");
            JsonNode answer = talk(first);
            rooms.sessions.drain(Duration.ofSeconds(60));
            first.next("draining");
            first.goDeaf();
            first.say("{'type':'ping'}").next();
            other.say(resume(welcome, ",'page':'p2'"));
            other.say("{'type':'ping'}").next("error"); // by then it waits
            rooms.calls.post(CallId.of(answer.get("call").asText()).orElseThrow(), new CallEvent.Shutdown());
            assertThat(other.closed()).isEqualTo(1001);
        }
    }

    @Test
    void whoComesInJustAsTheGatewayBeginsToStopIsSentAway() throws Exception {
        rooms.close();
        AtomicReference<Runnable> whileLookingAtTheToken = new AtomicReference<>(() -> {});
        rooms = new Rooms(Rooms.settings("https://example.com"), new TokenVerifier() {
            @Override
            public Optional<Admission> verify(Presented shown) {
                whileLookingAtTheToken.get().run();
                return new TokenVerifier.Everybody().verify(shown);
            }

            @Override
            public boolean required() {
                return false;
            }
        });
        try (Client newcomer = client()) {
            whileLookingAtTheToken.set(() -> rooms.sessions.drain(Duration.ofSeconds(60)));
            newcomer.say("{'type':'hello','token':'looked at'}");
            assertThat(newcomer.closed()).isEqualTo(1001);
        }
        eventually(() -> rooms.sessions.debugState().isEmpty());
    }

    @Test
    void eachHelloSaysWhetherItsClientIsToBeWaitedFor() throws Exception {
        Client lost = client();
        JsonNode welcome = lost.say("{'type':'hello','resumable':false}").next("welcome");
        try (Client waits = client()) {
            JsonNode again = waits.say(resume(welcome, ",'takeOver':true")).next("welcome");
            assertThat(again.get("resumeWithin").asLong()).isEqualTo(30_000);
            lost.close();
            try (Client last = client()) {
                JsonNode brief = last.say(resume(again, ",'takeOver':true,'resumable':false"))
                        .next("welcome");
                assertThat(brief.get("resumeWithin").asLong()).isZero();
            }
        }
        eventually(() -> rooms.sessions.debugState().isEmpty());
    }

    @Test
    void aMessageThatCannotBeReadIsTakenTooSoThatItIsNotSaidForEver() throws Exception {
        Client lost = client();
        JsonNode welcome = lost.say(HELLO).next("welcome");
        lost.say("{'type':'nonsense','seq':1}").next("error");
        lost.say("{'type':'nonsense','seq':1}");
        lost.say("{'type':'ping','seq':2,'ack':1}").next("pong");
        lost.close();
        try (Client back = client()) {
            JsonNode again = back.say(resume(welcome, ",'received':1")).next("welcome");
            assertThat(again.get("taken").asLong()).isEqualTo(2);
        }
    }

    // ---- what they have in common

    private Client client() {
        return new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE);
    }

    private static String resume(JsonNode welcome, String more) {
        return "{'type':'hello','numbers':['+12025550199'],'resume':'"
                + welcome.get("resume").asText() + "'" + more + "}";
    }

    /** An established call; its answer. */
    private JsonNode talk(Client client) throws Exception {
        JsonNode answer =
                client.say("{'type':'start','to':'+12025550100','sdp':'v=0'}").next("answer");
        rooms.media.take().connect();
        rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
        client.next("established");
        client.next("dtmf-road");
        return answer;
    }

    private static JsonNode going(String direction, JsonNode calls) {
        for (JsonNode call : calls) {
            if (call.get("direction").asText().equals(direction)) {
                return call;
            }
        }
        throw new AssertionError("no " + direction + " call among " + calls);
    }

    private Rooms.FakeTrunkCall rings(Client client) throws Exception {
        Rooms.FakeTrunkCall caller =
                new Rooms.FakeTrunkCall(new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
        rooms.calls.onInvite(invite(), caller);
        client.next("incoming");
        return caller;
    }

    private static InboundInvite invite() {
        return new InboundInvite(
                "carrier", "+12025550199", Optional.of("+12025550111"), Optional.empty(), Optional.of("v=0"));
    }

    private void awaitAway(int count) {
        eventually(() -> rooms.sessions.away() == count);
    }

    private void awaitState(JsonNode answer, String state) {
        CallId call = CallId.of(answer.get("call").asText()).orElseThrow();
        eventually(() -> rooms.calls.snapshot(call).orElseThrow().state().name().equals(state));
    }

    private static void eventually(BooleanSupplier condition) {
        for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}

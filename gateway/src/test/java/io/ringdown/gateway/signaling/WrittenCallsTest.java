package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNotReadException;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.DialogState.Stage;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that are written down and read back, through the whole gateway but its media and its SIP. */
final class WrittenCallsTest {
    private static final String PAGE = "http://page.example";
    private static final Optional<String> SDP = Optional.of("v=0");

    private Rooms rooms;
    private Client alice;

    @BeforeEach
    void start() throws Exception {
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.Everybody());
        alice = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        alice.say("{'type':'hello'}").next("welcome");
    }

    @AfterEach
    void stop() {
        alice.close();
        rooms.close();
    }

    @Test
    void aCallGoesOnAsItWasAndNobodyIsToldButItsClientWhichOffersAnew() throws Exception {
        Up up = call();
        String json = write(up.id).orElseThrow();
        assertThat(up.trunk.asked()).isEqualTo("letGo");
        assertThat(up.trunk.asked).isEmpty();
        assertThat(up.media.isLetGo).isTrue();
        assertThat(up.media.closed).isFalse();
        assertThat(alice.rest()).isEmpty();
        assertThat(rooms.calls.count()).isZero();
        assertThat(linesInUse()).isZero();
        assertThat(rooms.book.left).extracting(CallId::hex).containsExactly(up.id);
        up.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "to nobody"));

        assertThat(rooms.calls.read(json).hex()).isEqualTo(up.id);
        assertThat(alice.next("renew").path("call").asText()).isEqualTo(up.id);
        assertThat(linesInUse()).isOne();
        assertThat(rooms.calls.begun()).isOne();
        Up again = new Up(up.id, rooms.invited(), rooms.media.take());
        assertThat(again.trunk.state).isEqualTo(up.trunk.state);

        alice.say("{'type':'update','call':'" + up.id + "','sdp':'v=0'}").next("answer");
        alice.say("{'type':'hold','call':'" + up.id + "'}").next("held");
        assertThat(again.media.held).isTrue();
        again.trunk.tell(new TrunkEvent.Reoffer("v=0"));
        assertThat(again.trunk.asked()).isEqualTo("acceptReoffer");
        alice.say("{'type':'hangup','call':'" + up.id + "'}").next("ended");
        assertThat(again.trunk.asked()).isEqualTo("hangUp 16");
        rooms.awaitNoCall();
        for (int i = 0; i < 1_000 && rooms.book.records.isEmpty(); i++) {
            LockSupport.parkNanos(10_000_000); // it is written when the call's place is free
        }
        assertThat(rooms.book.begun)
                .as("here, and where it was read")
                .extracting(begun -> begun.id().hex())
                .containsExactly(up.id, up.id);
        assertThat(rooms.book.answered).hasSize(2);
        assertThat(rooms.book.records).singleElement().satisfies(record -> {
            assertThat(record.id().hex()).isEqualTo(up.id);
            CallBook.Beginning begun = rooms.book.begun.element();
            assertThat(record.beginning().at().toEpochMilli())
                    .isEqualTo(begun.at().toEpochMilli());
            assertThat(record.beginning().to()).isEqualTo(begun.to());
            assertThat(record.talked()).isPresent();
        });
    }

    @Test
    void aTrunkHangsUpACallThatWasReadBack() throws Exception {
        Up up = call();
        rooms.calls.read(write(up.id).orElseThrow());
        alice.next("renew");
        rooms.invited().tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
        rooms.awaitNoCall();
        assertThat(linesInUse()).isZero();
    }

    @Test
    void aCallWhoseClientIsNotHereAnyMoreEndsWithItsSilence() throws Exception {
        Up up = call();
        ObjectNode json = tree(write(up.id).orElseThrow());
        ((ObjectNode) json.at("/call/facts/owner")).put("session", "of-nobody");
        rooms.calls.read(json.toString());
        Rooms.FakeTrunkCall trunk = rooms.invited();
        assertThat(trunk.asked).isEmpty();
        rooms.media.take().listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
        assertThat(trunk.asked()).startsWith("hangUp");
        rooms.awaitNoCall();
    }

    @Test
    void whatIsSaidWhileACallIsBeingWrittenIsNotLost() throws Exception {
        Up up = call();
        CallId id = new CallId(up.id);
        ClientId owner = rooms.calls.snapshot(id).orElseThrow().owner().orElseThrow();
        up.media.whileCut = () -> rooms.calls.post(id, new CallEvent.Mute(owner, Optional.empty(), true));
        assertThat(write(up.id)).isEmpty();
        assertThat(alice.next("renew").path("call").asText()).isEqualTo(up.id);
        Rooms.FakeSession again = rooms.media.take();
        assertThat(up.media.isLetGo).isTrue();
        assertThat(rooms.calls.snapshot(id).orElseThrow().face().muted()).isTrue();
        up.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        alice.next("ended");
        assertThat(again.closed).isTrue();
    }

    @Test
    void whoseClientWentAwayWhileItWasWrittenKnowsItWhenItIsRead() throws Exception {
        Up up = call();
        String json = write(up.id).orElseThrow();
        alice.close();
        eventually(() -> rooms.sessions.away() == 1);
        CallId id = rooms.calls.read(json);
        Rooms.FakeSession media = rooms.media.take();
        eventually(() -> rooms.calls.snapshot(id).orElseThrow().face().mediaWanted());
        eventually(() -> rooms.calls.debugState().toString().contains("waitingEvents=0"));
        media.listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
        media.listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(30), true));
        rooms.awaitNoCall();
        eventually(() -> !rooms.book.records.isEmpty());
        assertThat(rooms.book.records)
                .singleElement()
                .satisfies(record -> assertThat(record.ending().cause()).isEqualTo(EndCause.SOCKET_LOST));
    }

    @Test
    void whoCameBackWhileItWasWrittenIsThereWhenItIsRead() throws Exception {
        Up up = call();
        ObjectNode json = tree(write(up.id).orElseThrow());
        ((ObjectNode) json.at("/call/web")).put("ownerIs", "GONE");
        rooms.calls.read(json.toString());
        alice.next("renew");
        rooms.media.take().listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
        alice.say("{'type':'hangup','call':'" + up.id + "'}");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
    }

    @Test
    void aSessionWhoseCallWasWrittenAndIsElsewhereIsForgotten() throws Exception {
        assertThat(write(call().id)).isPresent();
        alice.leave(1000);
        eventually(() -> rooms.sessions.debugState().isEmpty());
    }

    private static void eventually(BooleanSupplier condition) {
        for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void theTimesOfACallCountTheTimeInBetween() throws Exception {
        Up up = call();
        ObjectNode json = tree(write(up.id).orElseThrow());
        json.put("writtenAtMillis", json.path("writtenAtMillis").asLong() - 3_600_000);
        rooms.calls.read(json.toString());
        JsonNode state = new ObjectMapper().valueToTree(rooms.calls.debugState());
        assertThat(state.path("calls").path(0).path("forMillis").asLong()).isBetween(3_600_000L, 3_700_000L);
    }

    @Test
    void aCallThatIsNotEstablishedOrHasSomethingUnderWayIsNotWrittenAndGoesOn() throws Exception {
        alice.say("{'type':'start','to':'+493055501234','sdp':'v=0'}");
        String id = alice.next("answer").path("call").asText();
        Rooms.FakeSession media = rooms.media.take();
        assertThat(write(id)).as("connecting").isEmpty();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.state = Optional.of(dialog(Stage.EARLY, true));
        trunk.tell(new TrunkEvent.Progress(180, Optional.empty()));
        alice.next("progress");
        assertThat(write(id)).as("ringing").isEmpty();
        trunk.tell(new TrunkEvent.Answered(SDP));
        alice.next("established");
        assertThat(write(id)).as("a leg that says of itself that it is early").isEmpty();
        trunk.state = Optional.of(dialog(Stage.CONFIRMED, false));
        assertThat(write(id)).as("a leg with a transaction under way").isEmpty();
        trunk.state = Optional.empty();
        assertThat(write(id)).as("a leg that is over").isEmpty();
        trunk.state = Optional.of(dialog(Stage.CONFIRMED, true));
        alice.say("{'type':'dtmf','call':'" + id + "','digits':'1'}");
        alice.next("dtmf-receipt");
        assertThat(write(id)).as("a press under way").isEmpty();

        assertThat(trunk.asked).isEmpty();
        assertThat(media.isLetGo).isFalse();
        alice.say("{'type':'hangup','call':'" + id + "'}");
        assertThat(trunk.asked()).isEqualTo("hangUp 16");
        rooms.awaitNoCall();
        assertThat(write(id)).as("none").isEmpty();
    }

    @Test
    void aTrunkThatHangsUpWhileItsCallIsWrittenIsHeard() throws Exception {
        Up up = call();
        up.trunk.beforeLettingGo = () -> {
            up.trunk.state = Optional.empty();
            up.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        };
        assertThat(write(up.id)).isEmpty();
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
        assertThat(up.media.isLetGo).isFalse();
        rooms.awaitNoCall();
        assertThat(linesInUse()).isZero();
    }

    @Test
    void aLegWhoseCallCannotBeWrittenAfterAllIsTakenBackToBeHungUp() throws Exception {
        Up up = call();
        up.media.hasBug = true;
        assertThat(write(up.id)).isEmpty();
        assertThat(rooms.invited().asked()).startsWith("hangUp");
        alice.next("ended");
        rooms.awaitNoCall();
        assertThat(linesInUse()).isZero();
    }

    @Test
    void whatCannotGoOnHereOpensNothingAndMayBeTriedAgain() throws Exception {
        Up up = call();
        String json = write(up.id).orElseThrow();

        rooms.unknownTrunk = "carrier";
        assertNotRead(json, "no trunk is named so");
        rooms.unknownTrunk = "";
        rooms.media.broken = true;
        assertNotRead(json, "no port is free");
        assertThat(rooms.invited().asked()).as("the leg that was opened before").isEqualTo("abandon");
        rooms.media.broken = false;
        assertNotRead(tree(json).put("version", 1).toString(), "of version 1, and only version 4 is known");
        assertNotRead(json.substring(1), "no JSON");
        assertThat(rooms.calls.count()).isZero();
        assertThat(linesInUse()).isZero();

        rooms.calls.read(json);
        assertNotRead(json, "is here already");
        assertThat(rooms.calls.count()).isOne();
        assertThat(linesInUse()).isOne();
    }

    /** Every value of a written call in turn is something else, or not there. */
    @Test
    void whateverIsReadEitherGoesOnOrIsRefused() throws Exception {
        String json = write(call().id).orElseThrow();
        int refused = 0;
        for (String pointer : pointers(tree(json), "")) {
            for (String other : List.of("null", "-1", "\"\"", "[]", "{}", "9223372036854775807", "\"PT9999999999H\"")) {
                String broken = with(json, pointer, other);
                try {
                    CallId id = rooms.calls.read(broken);
                    rooms.calls.post(id, new CallEvent.Shutdown());
                    rooms.awaitNoCall();
                } catch (CallNotReadException expected) {
                    assertThat(expected.getMessage()).as(pointer + ": " + other).doesNotContain("is here already");
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
        assertThat(linesInUse()).isZero();
    }

    private void assertNotRead(String json, String why) {
        assertThatThrownBy(() -> rooms.calls.read(json))
                .isInstanceOf(CallNotReadException.class)
                .hasMessageContaining(why);
    }

    private Optional<String> write(String id) throws Exception {
        return rooms.calls.write(new CallId(id)).get(10, TimeUnit.SECONDS);
    }

    private int linesInUse() {
        return rooms.calls.trunkLoads().values().stream()
                .mapToInt(trunk -> trunk.in() + trunk.out())
                .sum();
    }

    /** A call that was answered. */
    private record Up(String id, Rooms.FakeTrunkCall trunk, Rooms.FakeSession media) {}

    private Up call() throws Exception {
        alice.say("{'type':'start','to':'+493055501234','sdp':'v=0'}");
        String id = alice.next("answer").path("call").asText();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.state = Optional.of(dialog(Stage.CONFIRMED, true));
        trunk.tell(new TrunkEvent.Answered(SDP));
        alice.next("established");
        alice.next("dtmf-road");
        return new Up(id, trunk, media);
    }

    private static DialogState dialog(Stage stage, boolean settled) {
        return new DialogState(
                Optional.of("name"),
                "carrier",
                DialogState.Direction.OUTBOUND,
                "call-id",
                "local-tag",
                "<sip:us@gateway>",
                "<sip:+493055501234@carrier>",
                "",
                new DialogState.Way("127.0.0.1", 5060, SipTransport.UDP, "127.0.0.1"),
                new DialogState.Invite("sip:+493055501234@carrier", List.of(), 1, List.of("SIP/2.0/UDP gateway")),
                new DialogState.Course(
                        stage,
                        settled,
                        "remote-tag",
                        "sip:carrier",
                        List.of(),
                        1,
                        -1,
                        OptionalLong.empty(),
                        new DialogState.Agreed(
                                PeerCapabilities.UNKNOWN,
                                false,
                                SDP,
                                SDP,
                                new DialogState.Timer(90, 0, false, Optional.empty(), Optional.empty()))),
                0);
    }

    private static ObjectNode tree(String json) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree(json);
    }

    private static List<String> pointers(JsonNode node, String at) {
        List<String> all = new ArrayList<>();
        node.properties().forEach(field -> {
            all.add(at + "/" + field.getKey());
            all.addAll(pointers(field.getValue(), at + "/" + field.getKey()));
        });
        for (int i = 0; i < (node instanceof ArrayNode ? node.size() : 0); i++) {
            all.addAll(pointers(node.get(i), at + "/" + i));
        }
        return all;
    }

    private static String with(String json, String pointer, String other) throws Exception {
        ObjectNode tree = tree(json);
        int last = pointer.lastIndexOf('/');
        JsonNode parent = tree.at(pointer.substring(0, last));
        if (parent instanceof ObjectNode object) {
            object.set(pointer.substring(last + 1), new ObjectMapper().readTree(other));
        }
        return tree.toString();
    }
}

package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.sdp.Direction;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls from extension to extension through the whole gateway but its media. */
final class HouseTest {
    private Staff staff;
    private Client alice;
    private Client bob;

    @BeforeEach
    void start() throws Exception {
        staff = new Staff();
        alice = staff.in("alice");
        bob = staff.in("bob");
    }

    @AfterEach
    void stop() {
        staff.close();
    }

    @Test
    void whoIsCalledByExtensionSeesWhoCallsAndBothTalkUntilOneHangsUp() throws Exception {
        String out = dial(alice, "12");
        JsonNode incoming = bob.next("incoming");
        assertThat(incoming.path("from").asText()).isEqualTo("11");
        assertThat(incoming.path("name").asText()).isEqualTo("Alice Ames");
        assertThat(incoming.path("to").asText()).isEqualTo("12");
        progress(alice);
        String in = staff.accept(bob, incoming);
        bob.next("established");
        alice.next("established");
        bob.say("{'type':'hangup','call':'" + in + "'}");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("normal");
        JsonNode ended = alice.next("ended");
        assertThat(ended.path("call").asText()).isEqualTo(out);
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
        staff.rooms.awaitNoCall();
        assertThat(staff.rooms.book.records)
                .as("each end has a record, as calls have")
                .extracting(CallRecord::trunk)
                .allMatch(trunk -> trunk.orElseThrow().equals("house"))
                .hasSize(2);
    }

    @Test
    void whoHoldsIsToldAndSoIsTheOther() throws Exception {
        String out = dial(alice, "12");
        JsonNode incoming = bob.next("incoming");
        progress(alice);
        staff.accept(bob, incoming);
        bob.next("established");
        alice.next("established");
        staff.rooms.media.holdOffer = Optional.of(Direction.SENDONLY);
        staff.last().isHeldByTrunk = true; // as bob's media read it in what they are offered
        alice.say("{'type':'hold','call':'" + out + "'}");
        assertThat(alice.next("held").path("by").asText()).isEqualTo("browser");
        assertThat(bob.next("held").path("by").asText()).isEqualTo("telephone");
        staff.last().isHeldByTrunk = false;
        alice.say("{'type':'resume','call':'" + out + "'}");
        assertThat(bob.next("resumed").path("by").asText()).isEqualTo("telephone");
        assertThat(alice.next("resumed").path("by").asText()).isEqualTo("browser");
    }

    @Test
    void aRefusalIsToldWithItsCause() throws Exception {
        dial(alice, "12");
        String call = bob.next("incoming").path("call").asText();
        progress(alice);
        bob.say("{'type':'reject','call':'" + call + "','reason':'busy'}");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("busy");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("busy");
    }

    @Test
    void aCallerWhoGivesUpStopsTheRinging() throws Exception {
        String out = dial(alice, "12");
        bob.next("incoming");
        progress(alice);
        alice.say("{'type':'hangup','call':'" + out + "'}");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("cancelled");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("cancelled");
    }

    @Test
    void whatIsSaidWhileTheDirectoryIsAskedHoldsForTheCall() throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        staff.asked.put(new PhoneNumber("12"), answer);
        alice.say("{'type':'start','to':'12','sdp':'v=0','secureInput':true}");
        alice.say("{'type':'ping','ref':'p'}").next("pong"); // behind it
        answer.complete(null);
        alice.next("answer");
        assertThat(alice.next("secure-input").path("on").asBoolean()).isTrue();
        staff.connect();
        bob.next("incoming");
    }

    @Test
    void nobodyIsRungForWhoIsGoneBeforeTheDirectoryAnswers() throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        staff.asked.put(new PhoneNumber("12"), answer);
        Client fleeting = staff.in("alice", false);
        fleeting.say("{'type':'start','to':'12','sdp':'v=0'}");
        fleeting.say("{'type':'ping','ref':'p'}").next("pong"); // behind it
        fleeting.close();
        while (staff.rooms.sessions.count() > 2) {
            Thread.sleep(10);
        }
        answer.complete(null);
        dial(staff.in("carol"), "12");
        assertThat(bob.next("incoming").path("from").asText()).isEqualTo("13");
        assertThat(bob.rest()).isEmpty();
    }

    @Test
    void aPageThatIsLoadedAnewBeforeTheDirectoryAnswersHasEndedTheCallThatItKnowsNothingOf() throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        staff.asked.put(new PhoneNumber("12"), answer);
        Client left = new Client(staff.rooms.web.port(), "ringdown.v1", Map.of("Origin", Staff.PAGE));
        try (Client loaded = new Client(staff.rooms.web.port(), "ringdown.v1", Map.of("Origin", Staff.PAGE))) {
            JsonNode welcome = left.say("{'type':'hello','token':'" + Staff.key("alice") + "'}")
                    .next("welcome");
            left.say("{'type':'start','to':'12','sdp':'v=0'}");
            left.say("{'type':'ping','ref':'p'}").next("pong"); // behind it
            left.close();
            JsonNode again = loaded.say("{'type':'hello','resume':'"
                            + welcome.path("resume").asText() + "'}")
                    .next("welcome");
            assertThat(again.path("calls")).isEmpty();
            assertThat(loaded.next("ended").path("cause").asText()).isEqualTo("cancelled");
            answer.complete(null);
            dial(staff.in("carol"), "12");
            assertThat(bob.next("incoming").path("from").asText()).isEqualTo("13");
            assertThat(bob.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"13, unavailable", "14, unknown-number", "11, busy"})
    void whoCannotBeRungIsNot(String extension, String cause) throws Exception {
        dialInVain(alice, extension);
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo(cause);
        assertThat(bob.rest()).isEmpty();
    }

    @Test
    void theOwnExtensionRingsTheOtherClients() throws Exception {
        Client second = staff.in("alice");
        dial(alice, "11");
        assertThat(second.next("incoming").path("from").asText()).isEqualTo("11");
        progress(alice);
        assertThat(alice.rest()).isEmpty();
    }

    private String dial(Client who, String extension) throws Exception {
        return staff.dial(who, extension);
    }

    private void dialInVain(Client who, String extension) throws Exception {
        who.say("{'type':'start','to':'" + extension + "','sdp':'v=0'}");
        if (extension.equals("14")) {
            return; // refused before there are media
        }
        who.next("answer");
        staff.connect();
        assertThat(who.next("progress").path("state").asText()).isEqualTo("trying");
    }

    private static void progress(Client who) throws Exception {
        assertThat(who.next("progress").path("state").asText()).isEqualTo("trying");
        assertThat(who.next("progress").path("state").asText()).isEqualTo("ringing");
    }
}

package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.HandedOver;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.Side;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers that the gateway does itself: within the house, and where no trunk does. */
final class HouseTransfersTest {
    private static final Optional<String> SDP = Optional.of("v=0");
    private static final TrunkEvent BYE = new TrunkEvent.Ended(OptionalInt.of(16), "");

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

    // ---- to an extension

    @Test
    void theCallGoesOnUntilAColleagueHasItAndThenItIsTheirsWhileTheTrunkNoticesNothing() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id() + "','to':'12'}");
        assertThat(stage(alice)).isEqualTo("asked");
        assertThat(stage(alice)).isEqualTo("ringing");
        JsonNode incoming = bob.next("incoming");
        assertThat(incoming.path("call").asText()).isEqualTo(up.id());
        assertThat(incoming.path("from").asText()).isEqualTo("+493055501234");
        assertThat(incoming.path("transferredBy").asText()).isEqualTo("11");
        bob.say("{'type':'accept','call':'" + up.id() + "','sdp':'v=0'}").next("answer");
        alice.say("{'type':'mute','call':'" + up.id() + "','muted':true}"); // it is still hers
        alice.say("{'type':'ping'}").next("pong"); // it was taken before media run
        up.media().connect();
        assertThat(stage(alice)).isEqualTo("done");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("transferred");
        bob.next("established");
        assertThat(up.trunk().asked).isEmpty();
        alice.say("{'type':'hangup','call':'" + up.id() + "'}");
        assertThat(alice.next("error").path("code").asText()).isEqualTo("unknown-call");
        bob.say("{'type':'hangup','call':'" + up.id() + "'}");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("normal");
        assertThat(up.trunk().asked()).isEqualTo("hangUp 16");
        staff.rooms.awaitNoCall();
        assertThat(staff.rooms.book.records).singleElement().satisfies(record -> {
            assertThat(record.handedOver()).extracting(HandedOver::to).containsExactly("bob");
            assertThat(record.handedOver().getFirst().after()).isBetween(Duration.ZERO, record.lasted());
        });
    }

    @Test
    void whoTakesItAndLeavesBeforeMediaRunIsDroppedByMedia() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id() + "','to':'12'}");
        stage(alice);
        stage(alice);
        bob.next("incoming");
        bob.say("{'type':'accept','call':'" + up.id() + "','sdp':'v=0'}").next("answer");
        assertThat(up.media().comingDropped).isFalse();
        bob.say("{'type':'hangup','call':'" + up.id() + "'}").next("ended");
        assertThat(stage(alice)).isEqualTo("failed");
        assertThat(up.media().comingDropped).isTrue();
    }

    @Test
    void whereNobodyTakesItTheCallStaysAsItWas() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id() + "','to':'12'}");
        stage(alice);
        stage(alice);
        bob.next("incoming");
        bob.say("{'type':'reject','call':'" + up.id() + "'}");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("declined");
        JsonNode failed = alice.next("transfer");
        assertThat(failed.path("stage").asText()).isEqualTo("failed");
        assertThat(failed.path("cause").asText()).isEqualTo("declined");
        assertThat(failed.path("ref").asText()).isEqualTo("t");
        alice.say("{'type':'transfer','call':'" + up.id() + "','to':'13'}");
        assertThat(alice.next("transfer").path("cause").asText()).isEqualTo("unavailable");
        alice.say("{'type':'transfer','call':'" + up.id() + "','to':'11'}"); // to herself
        assertThat(alice.next("transfer").path("cause").asText()).isEqualTo("busy");
        up.trunk().tell(BYE);
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
    }

    @Test
    void whoIsHeldWhenAColleagueTakesItIsNotAnyMore() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'hold','call':'" + up.id() + "'}").next("held");
        alice.say("{'type':'transfer','call':'" + up.id() + "','to':'12'}");
        bob.next("incoming");
        bob.say("{'type':'accept','call':'" + up.id() + "','sdp':'v=0'}").next("answer");
        assertThat(up.media().held).isTrue();
        up.media().connect();
        bob.next("established");
        bob.next("resumed");
        assertThat(up.media().held).isFalse();
    }

    @Test
    void aColleagueWhoseMediaNeverComeUpOrWhoLeavesLeavesTheCallWithWhoHadIt() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'transfer','call':'" + up.id() + "','to':'12'}");
        stage(alice);
        stage(alice);
        bob.next("incoming");
        bob.say("{'type':'accept','call':'" + up.id() + "','sdp':'v=0'}").next("answer");
        bob.say("{'type':'hangup','call':'" + up.id() + "'}").next("ended");
        assertThat(stage(alice)).isEqualTo("failed");
        alice.say("{'type':'hangup','call':'" + up.id() + "'}");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
    }

    @Test
    void aHangUpWhileItRingsStopsTheRinging() throws Exception {
        Staff.Up up = staff.call(alice, "+493055501234");
        alice.say("{'type':'transfer','call':'" + up.id() + "','to':'12'}");
        bob.next("incoming");
        up.trunk().tell(BYE);
        bob.next("ended");
    }

    @Test
    void aCallWithinTheHouseCountsForWhoBeganItUntilItIsOverThoughAColleagueHasItByThen() throws Exception {
        staff.grants.put(
                "carol",
                new Grant(
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.of(1),
                        Optional.empty(),
                        Optional.empty()));
        Client carol = staff.in("carol");
        String call = staff.dial(carol, "12");
        Rooms.FakeSession media = staff.last();
        staff.accept(bob, bob.next("incoming"));
        bob.next("established");
        while (!carol.next().path("type").asText().equals("established")) {}
        carol.say("{'type':'transfer','call':'" + call + "','to':'11'}");
        alice.next("incoming");
        alice.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
        media.connect();
        alice.next("established");
        while (!carol.next().path("type").asText().equals("ended")) {}
        String dial = "{'type':'start','to':'12','sdp':'v=0'}";
        assertThat(carol.say(dial).next("ended").path("cause").asText()).isEqualTo("limit-reached");
        alice.say("{'type':'hangup','call':'" + call + "'}").next("ended");
        staff.rooms.awaitNoCall();
        carol.say(dial).next("answer");
    }

    // ---- both telephones together

    @Test
    void callsOfTwoTrunksAreJoinedAndLiveWithoutTheirClientUntilOneTelephoneHangsUp() throws Exception {
        Staff.Up first = staff.call(alice, "+493055501234");
        alice.say("{'type':'hold','call':'" + first.id() + "'}").next("held");
        Staff.Up second = staff.call(alice, "+441632960100");
        alice.say("{'type':'transfer','ref':'t','call':'" + first.id() + "','with':'" + second.id() + "'}");
        assertThat(stage(alice)).isEqualTo("asked");
        int over = 0;
        while (over < 2) {
            JsonNode news = alice.next();
            if (news.path("type").asText().equals("ended")) {
                assertThat(news.path("cause").asText()).isEqualTo("transferred");
                over++;
            }
        }
        awaitLink(first, second);
        awaitLink(second, first);
        assertThat(first.media().webClosed).isTrue();
        assertThat(second.media().webClosed).isTrue();
        await(() -> !first.media().held);
        assertThat(first.trunk().asked).as("nothing is renegotiated").isEmpty();
        assertThat(staff.rooms.calls.count()).isEqualTo(2);

        first.media()
                .listener
                .onEvent(new MediaEvent.DigitFromTrunk(
                        Digit.of('5').orElseThrow(), Duration.ofMillis(100), DtmfRoad.RTP));
        assertThat(second.media().pressed.poll(10, TimeUnit.SECONDS))
                .isEqualTo(Digit.of('5').orElseThrow());

        first.media().listener.onEvent(new MediaEvent.WebSilent(Duration.ofSeconds(30), true));
        first.trunk().tell(BYE);
        assertThat(second.trunk().asked()).isEqualTo("hangUp 16");
        staff.rooms.awaitNoCall();
        assertThat(staff.rooms.book.records)
                .extracting(record -> record.ending().cause())
                .containsOnly(EndCause.NORMAL)
                .hasSize(2);
    }

    @Test
    void aTelephoneIsJoinedWithAColleagueWhoWasAskedFirst() throws Exception {
        Staff.Up customer = staff.call(alice, "+493055501234");
        String out = staff.dial(alice, "12");
        Rooms.FakeSession toBob = staff.last();
        JsonNode incoming = bob.next("incoming");
        String in = staff.accept(bob, incoming);
        bob.next("established");
        while (!alice.next().path("type").asText().equals("established")) {}
        alice.say("{'type':'transfer','call':'" + customer.id() + "','with':'" + out + "'}");
        while (!alice.next().path("type").asText().equals("ended")) {}
        JsonNode there = bob.next("transfer");
        assertThat(there.path("call").asText()).isEqualTo(in);
        assertThat(there.path("by").asText()).isEqualTo("telephone");
        assertThat(there.path("stage").asText()).isEqualTo("done");
        assertThat(there.path("number").asText()).isEqualTo("+493055501234");
        awaitLink(customer, new Staff.Up(out, customer.trunk(), toBob));
        Client carol = staff.in("carol");
        bob.say("{'type':'transfer','call':'" + in + "','to':'13'}");
        assertThat(carol.next("incoming").path("from").asText())
                .as("whoever is asked next is shown who is there now")
                .isEqualTo("+493055501234");
        carol.say("{'type':'reject','call':'" + in + "'}");
        while (!bob.next().path("stage").asText().equals("failed")) {}
        bob.say("{'type':'hangup','call':'" + in + "'}");
        assertThat(bob.next("ended").path("cause").asText()).isEqualTo("normal");
        assertThat(customer.trunk().asked()).isEqualTo("hangUp 16");
        staff.rooms.awaitNoCall();
    }

    // ---- to a number where the trunk does not transfer

    @Test
    void aNumberIsCalledByTheGatewayAndJoinedOnceItAnswers() throws Exception {
        Staff.Up up = staff.call(alice, "+441632960100");
        alice.say("{'type':'transfer','ref':'t','call':'" + up.id() + "','to':'+493055509999'}");
        assertThat(stage(alice)).isEqualTo("asked");
        Rooms.FakeTrunkCall other = staff.rooms.invited();
        assertThat(other.invite.calledNumber()).isEqualTo("+493055509999");
        Rooms.FakeSession media = staff.rooms.media.take();
        other.tell(new TrunkEvent.Progress(180, Optional.empty()));
        JsonNode ringing = alice.next("transfer");
        assertThat(ringing.path("stage").asText()).isEqualTo("ringing");
        assertThat(ringing.path("sip").asInt()).isEqualTo(180);
        other.tell(new TrunkEvent.Answered(SDP));
        assertThat(stage(alice)).isEqualTo("done");
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("transferred");
        awaitLink(up, new Staff.Up("", other, media));
        other.tell(BYE);
        assertThat(up.trunk().asked()).isEqualTo("hangUp 16");
        staff.rooms.awaitNoCall();
    }

    @Test
    void aNumberThatIsBusyLeavesTheCallAsItWasAndOneThatRingsIsCancelledWithIt() throws Exception {
        Staff.Up up = staff.call(alice, "+441632960100");
        String transfer = "{'type':'transfer','call':'" + up.id() + "','to':'+493055509999'}";
        alice.say(transfer);
        stage(alice);
        staff.rooms.invited().tell(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        JsonNode failed = alice.next("transfer");
        assertThat(failed.path("stage").asText()).isEqualTo("failed");
        assertThat(failed.path("cause").asText()).isEqualTo("busy");
        assertThat(failed.path("sip").asInt()).isEqualTo(486);
        alice.say(transfer);
        stage(alice);
        Rooms.FakeTrunkCall second = staff.rooms.invited();
        up.trunk().tell(BYE);
        assertThat(alice.next("ended").path("cause").asText()).isEqualTo("normal");
        assertThat(second.asked()).isEqualTo("hangUp 16");
        staff.rooms.awaitNoCall();
    }

    private static String stage(Client who) throws Exception {
        return who.next("transfer").path("stage").asText();
    }

    /** The sound is joined on each call's own thread. */
    private static void awaitLink(Staff.Up ear, Staff.Up mouth) {
        Rooms.FakeSession.Link link = new Rooms.FakeSession.Link(Side.TRUNK, mouth.media(), Side.TRUNK);
        await(() -> ear.media().links.contains(link));
    }

    private static void await(BooleanSupplier happened) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!happened.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(happened.getAsBoolean()).isTrue();
    }
}

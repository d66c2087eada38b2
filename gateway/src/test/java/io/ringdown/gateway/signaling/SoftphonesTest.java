package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.softphones.Phones;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.Identity;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.DigestSecret;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.LoginUnavailableException;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSipWire;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Softphones through the whole gateway but its SIP: the same calls as those of pages, over another edge. */
final class SoftphonesTest {
    static final String PAGE = "http://page.example";
    static final String ALICES = "the own key of alice 0123456789";
    static final PhoneNumber NUMBER = new PhoneNumber("+493012341");
    private static final PhoneId DESK = new PhoneId("alice", "desk");
    private static final Duration EXPIRES = Duration.ofMinutes(10);

    private static final Grant NARROW = new Grant(
            Optional.of("n"),
            false,
            Optional.empty(),
            Optional.of(new Destinations(List.of(new PhoneNumber("+493055501234")), List.of(), Set.of())),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());

    private final Wire wire = new Wire();
    private final Doors doors = new Doors();
    private Rooms rooms;

    @BeforeEach
    void start() throws Exception {
        rooms = rooms();
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    // ---- the door

    @Test
    void whatAPageSaysOnTheSubprotocolSipReachesTheStackAndBack() throws Exception {
        try (Client page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", PAGE))) {
            assertThat(page.subprotocol()).isEqualTo("sip");
            FakeWebSip.Socket socket = rooms.sip.accepted();
            assertThat(socket.wire.origin()).contains(PAGE);
            page.send("OPTIONS");
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("OPTIONS");
            socket.wire.send("SIP/2.0 200 OK");
            assertThat(page.text()).isEqualTo("SIP/2.0 200 OK");
            page.leave(1000);
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
        }
    }

    @Test
    void aPhoneMayWriteBinaryMessagesInPiecesThatPartACharacter() throws Exception {
        try (Client page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", PAGE))) {
            FakeWebSip.Socket socket = rooms.sip.accepted();
            byte[] said = "Subject: Grüße".getBytes(StandardCharsets.UTF_8);
            int middle = "Subject: Gr".length() + 1;
            page.sendBinary(Arrays.copyOf(said, middle), false)
                    .sendBinary(Arrays.copyOfRange(said, middle, said.length), true);
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("Subject: Grüße");
            page.sendBinary(new byte[0], true).send("OPTIONS");
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("OPTIONS");
        }
    }

    @Test
    void aBinaryMessageThatIsNoUtf8OrTooLongEndsTheSocketAndReachesNobody() throws Exception {
        for (Map.Entry<byte[], Integer> one : List.of(
                Map.entry(new byte[] {'a', (byte) 0xc3, 'b'}, 1007),
                Map.entry(new byte[] {'a', (byte) 0xc3}, 1007),
                Map.entry(new byte[16 * 1024 + 1], 1009))) {
            try (Client page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", PAGE))) {
                FakeWebSip.Socket socket = rooms.sip.accepted();
                page.sendBinary(one.getKey(), true);
                assertThat(page.closed()).isEqualTo(one.getValue());
                assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
            }
        }
    }

    @Test
    void piecesOfABinaryMessageAreTooLongTogether() throws Exception {
        try (Client page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", PAGE))) {
            page.sendBinary(new byte[16 * 1024], false).sendBinary(new byte[1], false);
            assertThat(page.closed()).isEqualTo(1009);
        }
    }

    @Test
    void piecesOfABinaryMessageAreCountedAsThoseOfATextAre() throws Exception {
        String upgrade = RawHandshake.UPGRADE.replace("ringdown.v1", "sip");
        try (RawFrames few = new RawFrames(rooms.web.port(), "/sip", upgrade, PAGE)) {
            FakeWebSip.Socket socket = rooms.sip.accepted();
            few.send(RawFrames.BINARY, false, "OPT", 1);
            few.send(RawFrames.CONTINUATION, false, "I", 300);
            few.send(RawFrames.CONTINUATION, true, "ONS", 1);
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("OPT" + "I".repeat(300) + "ONS");
        }
        try (RawFrames many = new RawFrames(rooms.web.port(), "/sip", upgrade, PAGE)) {
            FakeWebSip.Socket socket = rooms.sip.accepted();
            many.send(RawFrames.BINARY, false, "OPT", 1);
            many.send(RawFrames.CONTINUATION, false, "I", 2_000);
            assertThat(socket.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
        }
    }

    @Test
    void strangersPagesAndOtherSubprotocolsAndUnnamedClientsStayOutside() {
        refused("sip", Map.of("Origin", "https://evil.example"));
        refused("ringdown.v1", Map.of("Origin", PAGE));
        refused("sip", Map.of());
        refused("sip", Map.of("Authorization", "Bearer wrong"));
        assertThat(rooms.sip.accepted).isEmpty();
        try (Client app = new Client(rooms.web.port(), "/sip", "sip", Map.of("Authorization", "Bearer good"))) {
            assertThat(app.subprotocol()).isEqualTo("sip");
        }
    }

    private void refused(String subprotocol, Map<String, String> headers) {
        assertThatThrownBy(() -> new Client(rooms.web.port(), "/sip", subprotocol, headers))
                .isInstanceOf(CompletionException.class);
    }

    @Test
    void aPhoneThatSaysTooMuchIsCut() throws Exception {
        try (Client page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", PAGE))) {
            for (int i = 0; i < 200; i++) {
                page.trySay("x");
            }
            page.closed();
        }
    }

    // ---- who

    @Test
    void aUserRegistersByNameOrExtensionWithTheSoftphonesPasswordOrElseTheKey() throws LoginUnavailableException {
        assertThat(rooms.phones.loginOf("alice")).hasValue(new Login("alice", DigestSecret.of(ALICES)));
        assertThat(rooms.phones.loginOf("101")).hasValue(new Login("alice", DigestSecret.of(ALICES)));
        assertThat(rooms.phones.loginOf("bob"))
                .hasValue(new Login("bob", DigestSecret.of("a password for softphones")));
        assertThat(rooms.phones.loginOf("carol")).isEmpty();
        assertThat(rooms.phones.loginOf("nobody")).isEmpty();
        assertThat(rooms.phones.refused(Phones.Refusal.UNKNOWN_USER)).isEqualTo(2);
    }

    /** What a call may show in From; nobody is asked, and nothing of it is a sign-in that failed. */
    @Test
    void aNameOrAnExtensionOfSomebodyElseIsKnownHoweverItIsWritten() {
        for (String alices : List.of("alice", "101", "1-01", "(101)")) {
            assertThat(rooms.phones.isNameOfAnother(alices, "bob")).as(alices).isTrue();
            assertThat(rooms.phones.isNameOfAnother(alices, "alice")).as(alices).isFalse();
        }
        assertThat(rooms.phones.isNameOfAnother("+493012345", "alice")).isFalse();
        assertThat(rooms.phones.refused(Phones.Refusal.UNKNOWN_USER)).isZero();
    }

    @Test
    void whatATokenLetsItsBearerDoHoldsForCallsBySip() throws Exception {
        assertThat(rooms.phones.bearerOf("bad", Optional.empty(), wire)).isEmpty();
        assertThat(rooms.phones.bearerOf("once", Optional.empty(), wire).map(Bearer::user))
                .contains("guest");
        PhoneId guest = new PhoneId("guest", "tab");
        rooms.phones.onRegistered(guest, wire, EXPIRES);
        ClientId client = rooms.phones.clientsOf("guest").getFirst();
        assertThat(rooms.phones.askerOf(client).orElseThrow().grant().once()).isTrue();
        doors.isSpent = true;
        assertThat(dial(guest, "+493055501234").asked()).isEqualTo("reject 403");
        assertThat(rooms.phones.refused(Phones.Refusal.TOKEN_SPENT)).isEqualTo(1);
        assertThat(rooms.phones.refused(Phones.Refusal.TOKEN)).isEqualTo(1);
    }

    @Test
    void aTokenWhoseSubjectIsAnExtensionIsNotTheUserOfThatExtension() {
        doors.subjectOfOnce = "101";
        assertThat(rooms.phones.bearerOf("once", Optional.empty(), wire).map(Bearer::user))
                .contains("101");
        rooms.phones.onRegistered(new PhoneId("101", "tab"), wire, EXPIRES);

        assertThat(rooms.phones.clientsOf("alice")).isEmpty();
        assertThat(rooms.phones.clientsFor(NUMBER)).isEmpty();
        Asker asker =
                rooms.phones.askerOf(rooms.phones.clientsOf("101").getFirst()).orElseThrow();
        assertThat(asker.grant().once()).isTrue();
    }

    @Test
    void aSocketWhereATokenWasShownHasTheGrantOfThatAndTakesNobodyElses() {
        assertThat(rooms.phones.bearerOf("once", Optional.empty(), wire).map(Bearer::user))
                .contains("guest");
        assertThat(rooms.phones.bearerOf("good", Optional.empty(), wire)).isEmpty();
        rooms.phones.onRegistered(new PhoneId("page", "tab"), wire, EXPIRES);

        ClientId client = rooms.phones.clientsOf("page").getFirst();
        assertThat(rooms.phones.askerOf(client).orElseThrow().grant().once()).isTrue();
    }

    @Test
    void aTokenOfSomebodyElsesChangesNothingOnASocketThatIsTakenAlready() {
        assertThat(rooms.phones.bearerOf("once", Optional.of("alice"), wire).map(Bearer::user))
                .contains("guest");
        rooms.phones.onRegistered(new PhoneId("alice", "tab"), wire, EXPIRES);

        ClientId client = rooms.phones.clientsOf("alice").getFirst();
        assertThat(rooms.phones.askerOf(client).orElseThrow().grant().once()).isFalse();
    }

    @Test
    void aReferIsJudgedByWhatWasShownOnItsOwnSocketWhoeverElseIsTheSamePhone() throws Exception {
        Wire thief = new Wire();
        assertThat(rooms.phones.bearerOf("narrow", Optional.empty(), thief).map(Bearer::user))
                .contains("alice");
        rooms.phones.onRegistered(DESK, thief, EXPIRES);
        Dialled thiefs = talking(thief, "+493055501234");
        rooms.phones.onRegistered(DESK, wire, EXPIRES);

        refer(thief, thiefs, "+493055501235");
        assertThat(thiefs.dialog.asked()).isEqualTo("rejectRefer 403");
        assertThat(thiefs.trunk.asked).as("nothing leaves").isEmpty();

        Dialled alices = talking(wire, "+493055501236");
        refer(thief, alices, "+493055501235");
        assertThat(alices.dialog.asked()).as("nor in her call").isEqualTo("rejectRefer 403");
        assertThat(alices.trunk.asked).isEmpty();
        rooms.phones.onRegistered(DESK, thief, EXPIRES);
        refer(wire, alices, "+493055501235");
        assertThat(alices.dialog.asked()).as("she may still").isEqualTo("acceptRefer");
        assertThat(alices.trunk.asked()).isEqualTo("refer Blind");
    }

    @Test
    void aReferAfterItsTokenHasRunOutIsRefusedThoughThePhoneIsRegisteredByPassword() throws Exception {
        Wire thief = new Wire();
        rooms.phones.bearerOf("narrow", Optional.empty(), thief);
        Dialled thiefs = talking(thief, "+493055501234");
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        doors.isSpent = true;

        refer(thief, thiefs, "+493055501234");
        assertThat(thiefs.dialog.asked()).isEqualTo("rejectRefer 403");
        assertThat(thiefs.trunk.asked).isEmpty();
    }

    @Test
    void whoTakesACallMayDoInItWhatWasShownOnTheirOwnSocket() throws Exception {
        Wire thief = new Wire();
        rooms.phones.bearerOf("narrow", Optional.empty(), thief);
        rooms.phones.onRegistered(DESK, thief, EXPIRES);
        Rooms.FakeTrunkCall trunk = callIn();
        FakeWebSip.Rung rung = rooms.sip.rung();
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        rooms.phones.onWire(DESK, thief, rung.dialog());
        rung.dialog().tell(new TrunkEvent.Answered(Optional.of("v=0 answer")));
        rooms.media.take().connect();
        assertThat(trunk.asked()).isEqualTo("ring");
        assertThat(trunk.asked()).isEqualTo("answer");

        ClientId client = rooms.phones.clientsOf("alice").getFirst();
        CallId call = rooms.calls.snapshots().getFirst().id();
        assertThat(rooms.phones.askerOf(client, call).map(Asker::grant)).contains(NARROW);
        assertThat(rooms.phones.askerOf(client).map(Asker::grant)).contains(Grant.ALL);
    }

    private void refer(Wire by, Dialled call, String number) {
        rooms.phones.onWire(DESK, by, call.dialog);
        call.listener.onEvent(new TrunkEvent.Referred(ReferTarget.of(number)));
    }

    // ---- calls

    @Test
    void aPhonesCallGoesToTheTrunkAtOnceWithItsUsersNumber() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        Dialled phone = dialled(DESK, "030 555 01234");
        assertThat(phone.dialog.asked()).isEqualTo("progress");
        Rooms.FakeTrunkCall trunk = rooms.invited();
        assertThat(trunk.invite.calledNumber()).isEqualTo("+493055501234");
        trunk.tell(new TrunkEvent.Progress(180, Optional.empty()));
        assertThat(phone.dialog.asked()).isEqualTo("ring");
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        assertThat(phone.dialog.asked()).isEqualTo("answer");
        phone.listener.onEvent(new TrunkEvent.Ended(OptionalInt.empty(), "BYE"));
        assertThat(trunk.asked()).isEqualTo("hangUp 16");
        rooms.awaitNoCall();
    }

    @Test
    void aCallInRingsAtPagesAndPhonesAndWhoAnswersHasIt() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        try (Client page = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            page.say("{'type':'hello','token':'good','numbers':['+493012341']}").next("welcome");
            Rooms.FakeTrunkCall trunk = callIn();
            assertThat(page.next("incoming").path("to").asText()).isEqualTo(NUMBER.digits());
            FakeWebSip.Rung rung = rooms.sip.rung();
            assertThat(rung.phone()).isEqualTo(DESK);
            assertThat(rung.invite().sdp()).isEqualTo("v=0 web offer");
            assertThat(rung.invite().callerNumber()).contains("+4917012345");
            rung.dialog().tell(new TrunkEvent.Answered(Optional.of("v=0 answer")));
            assertThat(page.next("ended").path("cause").asText()).isEqualTo("answered-elsewhere");
            rooms.media.take().connect();
            assertThat(trunk.asked()).isEqualTo("ring");
            assertThat(trunk.asked()).isEqualTo("answer");
            trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "BYE"));
            assertThat(rung.dialog().asked()).isEqualTo("hangUp 16");
        }
    }

    @Test
    void aCallThatAPageAnswersIsTakenFromThePhone() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        try (Client page = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            page.say("{'type':'hello','token':'good','numbers':['+493012341']}").next("welcome");
            callIn();
            String call = page.next("incoming").path("call").asText();
            FakeWebSip.Rung rung = rooms.sip.rung();
            page.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
            assertThat(rung.dialog().asked()).isEqualTo("hangUp 26");
        }
    }

    @Test
    void aPhoneThatIsNotThereAnyMoreIsNotRung() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        rooms.phones.onUnregistered(DESK);
        assertThat(callIn().asked()).isEqualTo("reject 480");
        assertThat(rooms.phones.count()).isZero();
    }

    @Test
    void aPhoneThatLosesItsSocketKeepsItsCallAndIsStillRungForAMoment() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        Dialled phone = dialled(DESK, "+493055501234");
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        assertThat(phone.dialog.asked()).isEqualTo("progress");
        assertThat(phone.dialog.asked()).isEqualTo("answer");
        rooms.phones.onAway(DESK);
        assertThat(rooms.phones.away()).isEqualTo(1);
        assertThat(rooms.phones.clientsFor(NUMBER)).hasSize(1);
        rooms.phones.onBack(DESK);
        assertThat(rooms.phones.count()).isEqualTo(1);
        assertThat(rooms.calls.count()).isEqualTo(1);
    }

    @Test
    void whoRefusesByPhoneIsOnePersonsNo() throws Exception {
        rooms.phones.onRegistered(DESK, wire, EXPIRES);
        Rooms.FakeTrunkCall trunk = callIn();
        rooms.sip.rung().dialog().tell(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.of(17))));
        assertThat(trunk.asked()).isEqualTo("ring");
        assertThat(trunk.asked()).isEqualTo("reject 486");
    }

    @Test
    void aPhoneHasEightCallsAndNotOneMore() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(dial(DESK, "+49305550123" + i).asked()).isEqualTo("progress");
        }
        assertThat(dial(DESK, "+493055501239").asked()).isEqualTo("reject 486");
        assertThat(rooms.phones.refused(Phones.Refusal.TOO_MANY_CALLS)).isEqualTo(1);
    }

    @Test
    void whatIsNoCallIsRefusedAsSuch() throws Exception {
        assertThat(dial(DESK, "nobody").asked()).isEqualTo("reject 484");
        assertThat(dial(DESK, "+33123456789").asked()).isEqualTo("reject 404");
        assertThat(dial(DESK, "112").asked()).isEqualTo("reject 404");
        Rooms.FakeTrunkCall dialog = dialog();
        rooms.phones.onInvite(
                DESK,
                wire,
                new InboundInvite("", "+4930", Optional.empty(), Optional.empty(), Optional.empty()),
                dialog);
        assertThat(dialog.asked()).isEqualTo("reject 488");
    }

    @Test
    void oneOfTwoCallsIsTransferredToTheOther() throws Exception {
        Dialled first = talking("+493055501234");
        Dialled second = talking("+493055501235");
        Rooms.FakeTrunkCall firstsTrunk = first.trunk;
        ReferTarget target = new ReferTarget(
                "x",
                Optional.of(new Replacement("call@host", "to", "from", false)),
                Optional.of(second.dialog),
                Optional.empty());
        first.listener.onEvent(new TrunkEvent.Referred(target));
        assertThat(firstsTrunk.asked()).isEqualTo("refer Attended");
        assertThat(first.dialog.asked()).isEqualTo("acceptRefer");
        firstsTrunk.tell(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(first.dialog.asked()).isEqualTo("referProgress 200");
        assertThat(first.dialog.asked()).isEqualTo("hangUp 16");
        assertThat(second.dialog.asked()).isEqualTo("hangUp 16");
    }

    @Test
    void aReferToSomebodyElsesCallIsNoTransfer() throws Exception {
        Dialled first = talking("+493055501234");
        first.listener.onEvent(new TrunkEvent.Referred(new ReferTarget(
                "x",
                Optional.of(new Replacement("call@host", "to", "from", false)),
                Optional.of(dialog()),
                Optional.empty())));
        assertThat(first.dialog.asked()).isEqualTo("rejectRefer 404");
    }

    // ---- what there is around

    /** A phone's call out: its dialog, who is told of that, and the trunk's end. */
    private static final class Dialled {
        final Rooms.FakeTrunkCall dialog;
        final TrunkListener listener;
        Rooms.FakeTrunkCall trunk;

        Dialled(Rooms.FakeTrunkCall dialog, TrunkListener listener) {
            this.dialog = dialog;
            this.listener = listener;
            this.trunk = dialog;
        }
    }

    private Dialled talking(String number) throws InterruptedException {
        return talking(wire, number);
    }

    private Dialled talking(Wire by, String number) throws InterruptedException {
        Dialled phone = dialled(by, DESK, number);
        phone.trunk = rooms.invited();
        rooms.media.take().connect();
        phone.trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        assertThat(phone.dialog.asked()).isEqualTo("progress");
        assertThat(phone.dialog.asked()).isEqualTo("answer");
        return phone;
    }

    private Rooms.FakeTrunkCall dial(PhoneId phone, String number) {
        return dialled(phone, number).dialog;
    }

    private Dialled dialled(PhoneId phone, String number) {
        return dialled(wire, phone, number);
    }

    private Dialled dialled(Wire by, PhoneId phone, String number) {
        Rooms.FakeTrunkCall dialog = dialog();
        InboundInvite invite = new InboundInvite(
                "", number, Optional.of(phone.user()), Optional.of("Alice"), Optional.of("v=0 offer"));
        return new Dialled(dialog, rooms.phones.onInvite(phone, by, invite, dialog));
    }

    private static Rooms.FakeTrunkCall dialog() {
        return new Rooms.FakeTrunkCall(new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
    }

    private Rooms.FakeTrunkCall callIn() {
        CompletableFuture<TrunkListener> listener = new CompletableFuture<>();
        Rooms.FakeTrunkCall trunk = new Rooms.FakeTrunkCall(
                new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""),
                event -> listener.join().onEvent(event));
        listener.complete(rooms.calls.onInvite(
                new InboundInvite(
                        "carrier", NUMBER.digits(), Optional.of("+4917012345"), Optional.empty(), Optional.of("v=0")),
                trunk));
        return trunk;
    }

    private static final class Wire implements WebSipWire {
        @Override
        public void send(String message) {}

        @Override
        public void close(int status, String reason) {}

        @Override
        public InetAddress from() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public Optional<String> origin() {
            return Optional.of(PAGE);
        }
    }

    /** Three tokens, of which one is for one call, and one for calls of alice to one number. */
    private static final class Doors implements TokenVerifier {
        volatile boolean isSpent;
        volatile String subjectOfOnce = "guest";

        @Override
        public Optional<Admission> verify(Presented shown) {
            return switch (shown.token().orElse("")) {
                case "good" -> Optional.of(Admission.of("page"));
                case "once" ->
                    Optional.of(new Admission(
                            new Identity(subjectOfOnce),
                            new Grant(
                                    Optional.of("t"),
                                    true,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    OptionalInt.empty(),
                                    Optional.empty(),
                                    Optional.empty())));
                case "narrow" -> Optional.of(new Admission(new Identity("alice"), NARROW));
                default -> Optional.empty();
            };
        }

        @Override
        public boolean isSpent(Grant grant) {
            return isSpent && !grant.equals(Grant.ALL);
        }

        @Override
        public boolean required() {
            return true;
        }
    }

    private Rooms rooms() throws Exception {
        return rooms(doors);
    }

    /** Rooms with alice, bob and carol, behind these doors. */
    static Rooms rooms(TokenVerifier doors) throws Exception {
        NumberSettings numbers = new NumberSettings(Optional.of(new Country("DE")), false);
        NumberPlan plan = new NumberPlan(numbers.country());
        Map<String, User> people = new LinkedHashMap<>();
        people.put(
                "alice",
                new User(
                        Optional.of(Secret.parse(ALICES)),
                        List.of(NUMBER),
                        Optional.of(new PhoneNumber("101")),
                        List.of()));
        people.put(
                "bob",
                new User(
                        Optional.of(Secret.parse("the own key of bob 0123456789")),
                        List.of(),
                        Optional.of(new PhoneNumber("102")),
                        List.of(),
                        Optional.empty(),
                        Optional.of(Secret.parse("a password for softphones")),
                        Optional.empty(),
                        List.of(),
                        true));
        people.put("carol", User.defaults());
        Users users = new Users(people, plan);
        EmergencySettings help = EmergencySettings.defaults();
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+49")));
        TrunkLines.Line line = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults());
        Switchboard switchboard = new Switchboard(
                new Routing(numbers, help, List.of(), new Routes(prefixes), users),
                new TrunkLines(Map.of("carrier", line), plan, help),
                new TrunkLoads(Map.of("carrier", TrunkLimits.defaults()), System.nanoTime()),
                new InboundRules(List.of(), plan, users),
                users,
                InstantSource.system(),
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime));
        return new Rooms(Rooms.settings(PAGE), doors, 1, CallSettings.defaults(), switchboard);
    }
}

package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.web.Reception.Arrived;
import io.ringdown.sip.web.Reception.Heard;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhonesCallsTest {
    private static final String SDP = TextPhone.SDP;
    private static final PhoneId ALICE = new PhoneId("alice", "<urn:uuid:a1.invalid>");

    private final Reception room = new Reception();
    private final WebSip sip = WebSip.start(
            WebSipSettings.defaults().withDomain("pbx.example").withAway(Duration.ofSeconds(3)),
            room,
            new InfoRules(List.of("application/dtmf-relay"), _ -> true));
    private final TextPhone alice = new TextPhone("alice", "a1.invalid").connect(sip);

    @BeforeEach
    void signIn() {
        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 200");
        room.await("registered alice for 600");
    }

    @AfterEach
    void stop() {
        sip.close();
    }

    private Arrived call(TextPhone phone, String callId) {
        phone.raw(phone.request("INVITE", "+4930123456", callId, 1, phone.contact(), SDP));
        return room.invite();
    }

    private String answered(TextPhone phone, String callId) {
        Arrived arrived = call(phone, callId);
        arrived.call().progress(SDP);
        arrived.call().answer(SDP);
        String ok = phone.next("SIP/2.0 200");
        phone.raw(inDialog(phone, "ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);
        calls.put(callId, arrived);
        return ok;
    }

    private final Map<String, Arrived> calls = new HashMap<>();

    private static String inDialog(TextPhone phone, String method, String ok, long cseq, String more, String body) {
        String contact = TextPhone.header(ok, "Contact");
        String target = contact.substring(contact.indexOf('<') + 1, contact.indexOf('>'));
        return phone.request(
                method,
                target,
                TextPhone.header(ok, "To"),
                TextPhone.header(ok, "Call-ID"),
                cseq,
                phone.branch(),
                more,
                body);
    }

    private Heard ring(Optional<String> name) {
        Heard heard = new Heard();
        ringing = sip.invite(
                ALICE,
                new WebSipInvite(
                        Optional.of("+4930987"),
                        name,
                        "alice",
                        SDP,
                        Map.of("X-Reason", "why"),
                        Optional.empty(),
                        Optional.empty()),
                heard);
        return heard;
    }

    private @Nullable TrunkCall ringing;

    private TrunkCall called() {
        return Objects.requireNonNull(ringing);
    }

    @Test
    void aCallOfAPhoneHasEarlyMediaAndIsAnswered() {
        Arrived arrived = call(alice, "out-1");
        assertThat(arrived.phone()).isEqualTo(ALICE);
        assertThat(arrived.invite().calledNumber()).isEqualTo("+4930123456");
        assertThat(arrived.invite().callerNumber()).contains("alice");

        arrived.call().progress(SDP);
        assertThat(alice.next("SIP/2.0 183")).endsWith(SDP);
        arrived.call().answer(SDP);
        String ok = alice.next("SIP/2.0 200");
        assertThat(ok).endsWith(SDP).contains("Contact: <sip:pbx.example;transport=ws>");
        alice.raw(inDialog(alice, "ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);

        alice.raw(inDialog(alice, "BYE", ok, 2, "", ""));
        alice.next("SIP/2.0 200");
        arrived.heard().next(TrunkEvent.Ended.class);
    }

    // As JsSIP and SIP.js write it with `anonymous: true`.
    private static final String FROM_NOBODY = "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=";
    private static final String AS_NOBODY = """
            P-Preferred-Identity: <sip:alice@pbx.example>
            Privacy: id
            Contact: <sip:anonymous@anonymous.invalid;transport=ws;ob>
            """.replace("\n", "\r\n");

    private static String fromNobody(String request) {
        return request.replaceFirst("From: <[^>]*>;tag=", FROM_NOBODY);
    }

    private static String from(String user, String request) {
        return request.replaceFirst("From: <[^>]*>", "From: <sip:" + user + "@pbx.example>");
    }

    @Test
    void whoCallsAsNobodyIsThePhoneOfItsSocketAndAnonymousInTheWholeDialog() {
        new TextPhone("alice", "a2.invalid").connect(sip).signIn("secret of alice");
        alice.raw(fromNobody(alice.request("INVITE", "+4930123456", "c", 1, AS_NOBODY, SDP)));
        Arrived arrived = room.invite();
        assertThat(arrived.phone()).isEqualTo(ALICE);
        assertThat(arrived.invite().callerNumber()).contains("anonymous");
        assertThat(arrived.invite().headers()).containsEntry("Privacy", "id");
        arrived.call().answer(SDP);
        String ok = alice.next("SIP/2.0 200");
        alice.raw(fromNobody(inDialog(alice, "ACK", ok, 1, "", "")));
        arrived.heard().next(TrunkEvent.Confirmed.class);

        alice.raw(fromNobody(inDialog(alice, "INVITE", ok, 2, AS_NOBODY, SDP)));
        arrived.heard().next(TrunkEvent.Reoffer.class);
        arrived.call().acceptReoffer(SDP);
        alice.next("SIP/2.0 200");
        alice.raw(fromNobody(inDialog(alice, "ACK", ok, 2, "", "")));
        alice.raw(
                fromNobody(inDialog(alice, "REFER", ok, 3, AS_NOBODY + "Refer-To: <sip:+49301@pbx.example>\r\n", "")));
        arrived.heard().next(TrunkEvent.Referred.class);
        arrived.call().rejectRefer(603);
        alice.next("SIP/2.0 603");
        alice.raw(fromNobody(inDialog(alice, "BYE", ok, 4, "", "")));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
        arrived.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void anAddressThatIsNowhereIsNobodysWhoeverItNames() {
        alice.raw(alice.request("INVITE", "+4930123456", "c", 1, AS_NOBODY, SDP)
                .replaceFirst("From: <[^>]*>", "From: <sip:bob@anonymous.invalid>"));

        assertThat(room.invite().invite().callerNumber()).contains("anonymous");
    }

    @Test
    void twoPagesThatCallAsNobodyAndHaveNotRegisteredAreTwoPhones() {
        List<PhoneId> phones = List.of(nobody("p1"), nobody("p2"));

        assertThat(phones).doesNotHaveDuplicates().extracting(PhoneId::user).containsOnly("alice");
    }

    private PhoneId nobody(String callId) {
        TextPhone page = new TextPhone("alice", callId + ".invalid").connect(sip);
        String shown = AS_NOBODY + "Authorization: Bearer token.of.alice\r\n";
        page.raw(fromNobody(page.request("INVITE", "+4930123456", callId, 1, shown, SDP)));
        return room.invite().phone();
    }

    @Test
    void aNumberInFromIsForTheRoomToJudge() {
        for (String number : List.of("+49301234567", "030-1234567", "101")) {
            alice.raw(from(number, alice.request("INVITE", "+4930123456", number, 1, alice.contact(), SDP)));
            assertThat(room.invite().invite().callerNumber()).contains(number);
        }
    }

    @Test
    void theNameOfAnotherUserInFromMeets403ButANumberHoldsUpNoCallForHelp() {
        alice.raw(from("bob", alice.request("INVITE", "+4930123456", "one", 1, alice.contact(), SDP)));
        assertThat(alice.next("SIP/2.0 403")).contains("Call-ID: one\r\n");
        TextPhone bob = new TextPhone("bob", "b.invalid").connect(sip);
        bob.signIn("secret of bob");
        bob.raw(from("101", bob.request("INVITE", "+4930123456", "two", 1, bob.contact(), SDP)));
        assertThat(bob.next("SIP/2.0 403")).contains("Call-ID: two\r\n");
        assertThat(room.invites).isEmpty();

        bob.raw(from("101", bob.request("INVITE", "112", "three", 1, bob.contact(), SDP)));
        assertThat(room.invite().phone().user()).isEqualTo("bob");
    }

    @Test
    void onlyACallMayBeNobodys() {
        alice.raw(fromNobody(alice.request("OPTIONS", "bob", "c", 1, AS_NOBODY, "")));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 403");
    }

    @Test
    void aPhoneThatCancelsMeets487() {
        String invite = alice.request("INVITE", "+4930123456", "c-1", 1, alice.contact(), SDP);
        alice.raw(invite);
        Arrived arrived = room.invite();
        arrived.call().ring();
        alice.next("SIP/2.0 180");
        alice.raw(invite.substring(0, invite.indexOf("Contact")).replace("INVITE", "CANCEL")
                + "Content-Length: 0\r\n\r\n");

        assertThat(alice.next("SIP/2.0 200")).contains("CANCEL");
        alice.next("SIP/2.0 487");
        arrived.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneIsCalledWithOurOfferAndAnswers() {
        Heard heard = ring(Optional.of("Bob \"B\""));
        String invite = alice.next("INVITE ");
        assertThat(invite)
                .startsWith("INVITE sip:ualice@a1.invalid;transport=ws SIP/2.0\r\n")
                .contains("From: \"Bob \\\"B\\\"\" <sip:+4930987@pbx.example>;tag=")
                .contains("To: <sip:alice@pbx.example>\r\n")
                .contains("X-Reason: why")
                .endsWith(SDP);
        alice.answer(invite, "180 Ringing", "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n", "");
        assertThat(heard.next(TrunkEvent.Progress.class).status()).isEqualTo(180);
        alice.answer(invite, "200 OK", "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n", SDP);
        assertThat(heard.next(TrunkEvent.Answered.class).sdp()).contains(SDP);
        alice.next("ACK ");

        called().hangUp(HangupReason.NORMAL);
        String bye = alice.next("BYE ");
        alice.answer(bye, "200 OK", "", "");
        heard.next(TrunkEvent.Ended.class);
    }

    @Test
    void anAnswerThatComesAgainMeetsTheSameAckAgain() {
        Heard heard = ring(Optional.empty());
        String invite = alice.next("INVITE ");
        alice.answer(invite, "200 OK", "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n", SDP);
        heard.next(TrunkEvent.Answered.class);
        String ack = alice.next("ACK ");
        alice.answer(invite, "200 OK", "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n", SDP);

        assertThat(alice.next("ACK ")).isEqualTo(ack);
    }

    @Test
    void whoIsPickedUpElsewhereIsToldSo() {
        Heard heard = ring(Optional.empty());
        String invite = alice.next("INVITE ");
        alice.answer(invite, "180 Ringing", "", "");
        heard.next(TrunkEvent.Progress.class);
        called().hangUp(new HangupReason(26, "elsewhere"));

        assertThat(alice.next("CANCEL ")).contains("Reason: SIP;cause=200;text=\"Call completed elsewhere\"");
    }

    @Test
    void aCancelThatCrossesTheAnswerEndsInAckAndBye() {
        Heard heard = ring(Optional.empty());
        String invite = alice.next("INVITE ");
        alice.answer(invite, "180 Ringing", "", "");
        heard.next(TrunkEvent.Progress.class);
        called().hangUp(HangupReason.NORMAL);
        alice.next("CANCEL ");
        alice.answer(invite, "200 OK", "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n", SDP);

        alice.next("ACK ");
        alice.next("BYE ");
        assertThat(heard.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Cancelled.class);
    }

    @Test
    void aPhoneThatIsNotThereFailsAtOnce() {
        Heard heard = new Heard();
        sip.invite(
                new PhoneId("bob", "nowhere"),
                new WebSipInvite(
                        Optional.empty(), Optional.empty(), "bob", SDP, Map.of(), Optional.empty(), Optional.empty()),
                heard);

        assertThat(heard.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
    }

    @Test
    void holdInfoAndTransfersOfThePhoneAreTold() {
        String ok = answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        alice.raw(inDialog(alice, "INVITE", ok, 2, alice.contact(), SDP));
        one.heard().next(TrunkEvent.Reoffer.class);
        one.call().acceptReoffer(SDP);
        String again = alice.next("SIP/2.0 200");
        assertThat(again).contains("2 INVITE");
        alice.raw(inDialog(alice, "ACK", ok, 2, "", ""));

        alice.raw(inDialog(alice, "INFO", ok, 3, "", "Signal=5\r\n")
                .replace("application/sdp", "application/dtmf-relay"));
        assertThat(one.heard().next(TrunkEvent.InfoReceived.class).body().text())
                .isEqualTo("Signal=5\r\n");
        one.call().info(7, new InfoBody("application/json", "{}"));
        String info = alice.next("INFO ");
        assertThat(info).contains("application/json").endsWith("{}");
        alice.answer(info, "200 OK", "", "");
        one.heard().next(TrunkEvent.InfoAnswered.class);

        alice.raw(inDialog(alice, "REFER", ok, 4, alice.contact() + "Refer-To: <sip:+49301@pbx.example>\r\n", ""));
        assertThat(one.heard().next(TrunkEvent.Referred.class).target().calledNumber())
                .isEqualTo("+49301");
        one.call().acceptRefer();
        alice.next("SIP/2.0 202");
        String notify = alice.next("NOTIFY ");
        assertThat(notify).endsWith("SIP/2.0 100 Trying\r\n");
        alice.answer(notify, "200 OK", "", "");
        one.call().referProgress(200);
        assertThat(alice.next("NOTIFY ")).contains("SIP/2.0 200");
    }

    @Test
    void whatIsSaidWithinACallIsToldWithTheSocketThatItCameBy() {
        String ok = answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        TextPhone other = new TextPhone("alice", "a2.invalid").connect(sip);
        other.raw(other.register("Authorization: Bearer token.of.alice\r\n"));
        other.next("SIP/2.0 200");

        other.raw(inDialog(other, "REFER", ok, 2, other.contact() + "Refer-To: <sip:+49301@pbx.example>\r\n", ""));
        one.heard().next(TrunkEvent.Referred.class);
        assertThat(room.wires).containsEntry("one", other);
    }

    @Test
    void whoseSocketTakesACallIsToldBeforeThatItIsTaken() {
        Heard heard = ring(Optional.empty());
        alice.answer(alice.next("INVITE "), "200 OK", alice.contact(), SDP);
        heard.next(TrunkEvent.Answered.class);
        assertThat(room.wires).containsEntry(called().callId(), alice);
    }

    @Test
    void anAttendedTransferNamesTheOtherCall() {
        String first = answered(alice, "one");
        String second = answered(alice, "two");
        String tagOfOurs = tag(TextPhone.header(second, "To"));
        alice.raw(inDialog(
                alice,
                "REFER",
                first,
                2,
                alice.contact() + "Refer-To: <sip:x@pbx.example?Replaces=two%3Bto-tag%3D" + tagOfOurs
                        + "%3Bfrom-tag%3Doftwo>\r\n",
                ""));

        TrunkEvent.Referred referred =
                Objects.requireNonNull(calls.get("one")).heard().next(TrunkEvent.Referred.class);
        assertThat(referred.target().ours().map(TrunkCall::callId)).contains("two");
    }

    @Test
    void anAttendedTransferNamesACallToThePhoneByItsTagsAsRfc3891HasThemAndAsJsSipDoes() {
        Heard heard = ring(Optional.empty());
        String invite = alice.next("INVITE ");
        alice.answer(invite, "200 OK", alice.contact(), SDP);
        heard.next(TrunkEvent.Answered.class);
        String callId = TextPhone.header(invite, "Call-ID");
        String ours = tag(TextPhone.header(invite, "From"));
        String first = answered(alice, "one");

        assertThat(namedByRefer(first, 2, callId, ours, "minealice"))
                .as("RFC 3891")
                .contains(callId);
        assertThat(namedByRefer(first, 3, callId, "minealice", ours))
                .as("JsSIP")
                .contains(callId);
        assertThat(namedByRefer(first, 4, callId, "minealice", "another")).isEmpty();
    }

    private Optional<String> namedByRefer(String ok, long cseq, String callId, String toTag, String fromTag) {
        String replaces = callId.replace("@", "%40") + "%3Bto-tag%3D" + toTag + "%3Bfrom-tag%3D" + fromTag;
        alice.raw(inDialog(
                alice,
                "REFER",
                ok,
                cseq,
                alice.contact() + "Refer-To: <sip:x@pbx.example?Replaces=" + replaces + ">\r\n",
                ""));
        Arrived one = Objects.requireNonNull(calls.get("one"));
        TrunkEvent.Referred referred = one.heard().next(TrunkEvent.Referred.class);
        one.call().rejectRefer(603);
        alice.next("SIP/2.0 603");
        return referred.target().ours().map(TrunkCall::callId);
    }

    @Test
    void nobodyNamesACallOfAnotherUserWhicheverWayRoundTheTagsAre() {
        TextPhone bob = new TextPhone("bob", "b.invalid").connect(sip);
        bob.signIn("secret of bob");
        String ofBob = tag(TextPhone.header(answered(bob, "bobs"), "To"));
        String first = answered(alice, "one");

        assertThat(namedByRefer(first, 2, "bobs", ofBob, "ofbobs")).isEmpty();
        assertThat(namedByRefer(first, 3, "bobs", "ofbobs", ofBob)).isEmpty();
    }

    private static String tag(String address) {
        return address.substring(address.indexOf("tag=") + 4);
    }

    @Test
    void anotherUserCannotTouchTheDialog() {
        String ok = answered(alice, "one");
        TextPhone bob = new TextPhone("bob", "b.invalid").connect(sip);
        bob.signIn("secret of bob");
        bob.raw(inDialog(alice, "BYE", ok, 2, "", ""));
        assertThat(bob.next("SIP/2.0 ")).startsWith("SIP/2.0 481");
        TextPhone nobody = new TextPhone("alice", "n.invalid").connect(sip);
        nobody.raw(inDialog(alice, "BYE", ok, 3, "", ""));
        assertThat(nobody.next("SIP/2.0 ")).startsWith("SIP/2.0 401");

        alice.raw(inDialog(alice, "BYE", ok, 4, "", ""));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
    }

    @Test
    void aCallLivesOnOverAnotherSocketAndWhatCameDueMeanwhileIsSaidThen() {
        String ok = answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        alice.cut();
        room.await("away alice");
        one.call().info(1, new InfoBody("application/json", "{1}"));
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));
        room.await("back alice");

        String info = again.next("INFO ");
        again.answer(info, "200 OK", "", "");
        one.heard().next(TrunkEvent.InfoAnswered.class);
        again.raw(inDialog(again, "BYE", ok, 2, "", ""));
        assertThat(again.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
        one.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatCallsBeforeItRegistersOverAnotherSocketIsBackWithItsCalls() {
        String ok = answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        alice.cut();
        room.await("away alice");
        one.call().info(1, new InfoBody("application/json", "{1}"));
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.request(
                "INVITE", "+4930123456", "two", 1, again.contact() + "Authorization: Bearer token.of.alice\r\n", SDP));

        assertThat(room.invite().phone()).isEqualTo(ALICE);
        room.await("back alice");
        again.answer(again.next("INFO "), "200 OK", "", "");
        one.heard().next(TrunkEvent.InfoAnswered.class);
        again.raw(inDialog(again, "BYE", ok, 2, "", ""));
        one.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatCalledBeforeItWasRegisteredHasThatCallOverItsNextSocketToo() {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        Arrived early = earlyCall(bob);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");
        bob.cut();
        room.await("away bob");
        TextPhone again = new TextPhone("bob", "b1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.bob\r\n").replace("reg-", "again-"));
        room.await("back bob");

        early.call().hangUp(HangupReason.NORMAL);
        again.answer(again.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatCalledBeforeItWasRegisteredHasThatCallOverItsNextSocketThoughTheFirstIsOpenStill() {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        Arrived early = earlyCall(bob);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");
        TextPhone again = new TextPhone("bob", "b1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.bob\r\n").replace("reg-", "again-"));
        room.await("back bob");

        early.call().hangUp(HangupReason.NORMAL);
        again.answer(again.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatCalledBeforeItWasRegisteredAndCallsAgainIsBackWithThatCallToo() {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        Arrived early = earlyCall(bob);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");
        bob.cut();
        room.await("away bob");
        TextPhone again = new TextPhone("bob", "b1.invalid").connect(sip);
        again.raw(again.request(
                "INVITE", "+4930123456", "two", 1, again.contact() + "Authorization: Bearer token.of.bob\r\n", SDP));
        room.await("back bob");

        early.call().hangUp(HangupReason.NORMAL);
        again.answer(again.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatRegistersWithTheContactOfAnotherLeavesThatItsCall() {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        Arrived early = earlyCall(bob);
        TextPhone second = new TextPhone("bob", "b1.invalid").connect(sip);
        second.raw(second.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");

        early.call().hangUp(HangupReason.NORMAL);
        bob.answer(bob.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    @ParameterizedTest
    @CsvSource({"alice, ubob@b1.invalid", "bob, ubob@b2.invalid"})
    void aPhoneOfAnotherUserOrWithAnotherContactTakesNoCallOfOneThatIsWaitedFor(String user, String contact) {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        Arrived early = earlyCall(bob);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");
        bob.cut();
        room.await("away bob");
        TextPhone other = new TextPhone(user, "b2.invalid").connect(sip);
        other.raw(other.register("Authorization: Bearer token.of." + user + "\r\n")
                .replace("sip:u" + user + "@b2.invalid", "sip:" + contact));
        room.await("registered " + user + " for 600");
        TextPhone again = new TextPhone("bob", "b1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.bob\r\n").replace("reg-", "again-"));
        room.await("back bob");

        early.call().hangUp(HangupReason.NORMAL);
        again.answer(again.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    @Test
    void aPhoneThatIsRegisteredKeepsItsCallWhenAnotherWithItsContactGoesToAnotherSocket() {
        TextPhone bob = new TextPhone("bob", "b1.invalid").connect(sip);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n")
                .replace(";+sip.instance=\"<urn:uuid:b1.invalid>\";reg-id=1", ""));
        bob.next("SIP/2.0 200");
        room.await("registered bob for 600");
        Arrived early = earlyCall(bob);
        bob.raw(bob.register("Authorization: Bearer token.of.bob\r\n"));
        room.await("registered bob for 600");
        TextPhone second = new TextPhone("bob", "b1.invalid").connect(sip);
        second.raw(second.register("Authorization: Bearer token.of.bob\r\n").replace("reg-", "again-"));
        room.await("back bob");

        early.call().hangUp(HangupReason.NORMAL);
        bob.answer(bob.next("BYE "), "200 OK", "", "");
        early.heard().next(TrunkEvent.Ended.class);
    }

    /** A call that a phone begins without having registered, answered. */
    private Arrived earlyCall(TextPhone phone) {
        phone.raw(phone.request(
                "INVITE", "+4930123456", "early", 1, phone.contact() + "Authorization: Bearer token.of.bob\r\n", SDP));
        Arrived early = room.invite();
        early.call().answer(SDP);
        phone.raw(inDialog(phone, "ACK", phone.next("SIP/2.0 200"), 1, "", ""));
        early.heard().next(TrunkEvent.Confirmed.class);
        return early;
    }

    @Test
    void ofTwoPhonesWithOneContactEachCallsAsItself() {
        TextPhone second = new TextPhone("alice", "a1.invalid").connect(sip);
        second.raw(second.register("Authorization: Bearer token.of.alice\r\n")
                .replace("urn:uuid:a1.invalid", "urn:uuid:second"));
        second.next("SIP/2.0 200");

        second.raw(second.request("INVITE", "+4930123456", "two", 1, second.contact(), SDP));
        assertThat(room.invite().phone()).isEqualTo(new PhoneId("alice", "<urn:uuid:second>"));
        alice.raw(alice.request("INVITE", "+4930123456", "one", 1, alice.contact(), SDP));
        assertThat(room.invite().phone()).isEqualTo(ALICE);
    }

    @Test
    void aPhoneWhoseCallRangWhenItsSocketWasLostHearsByTheNextThatItIsOver() {
        String invite = alice.request("INVITE", "+4930123456", "one", 1, alice.contact(), SDP);
        alice.raw(invite);
        Arrived arrived = room.invite();
        arrived.call().ring();
        alice.next("SIP/2.0 180");
        alice.cut();
        arrived.heard().next(TrunkEvent.Ended.class);
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        String refusal = again.next("SIP/2.0 487");
        assertThat(TextPhone.header(refusal, "Via")).startsWith(TextPhone.header(invite, "Via"));
        assertThat(TextPhone.header(refusal, "CSeq")).isEqualTo("1 INVITE");
    }

    @Test
    void aPhoneThatRangWhenItsSocketWasLostIsToldByTheNextToStop() {
        Heard heard = ring(Optional.empty());
        String invite = alice.next("INVITE ");
        alice.answer(invite, "180 Ringing", "", "");
        heard.next(TrunkEvent.Progress.class);
        alice.cut();
        heard.next(TrunkEvent.Failed.class);
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        String cancel = again.next("CANCEL ");
        assertThat(cancel).startsWith("CANCEL sip:ualice@a1.invalid;transport=ws SIP/2.0\r\n");
        for (String same : List.of("Via", "From", "To", "Call-ID")) {
            assertThat(TextPhone.header(cancel, same)).isEqualTo(TextPhone.header(invite, same));
        }
        again.answer(cancel, "200 OK", "", "");
        again.answer(invite, "487 Request Terminated", "", "");
        ring(Optional.empty());
        assertThat(again.next("INVITE ")).doesNotContain(TextPhone.header(invite, "Call-ID"));
    }

    @Test
    void whatWasUnderWayWhenTheSocketEndedIsSaidAgain() {
        answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        one.call().hangUp(HangupReason.NORMAL);
        alice.next("BYE ");
        alice.cut();
        room.await("away alice");
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        again.answer(again.next("BYE "), "200 OK", "", "");
    }

    @Test
    void aCallOfAPhoneThatDoesNotComeBackEnds() {
        answered(alice, "one");
        Arrived one = Objects.requireNonNull(calls.get("one"));
        alice.cut();

        assertThat(one.heard().next(TrunkEvent.Ended.class).q850()).hasValue(27);
        room.await("unregistered alice");
    }

    @Test
    void aCallToAPhoneThatIsAwayReachesItWhenItIsBack() {
        alice.cut();
        room.await("away alice");
        ring(Optional.empty());
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        again.next("INVITE ");
    }
}

package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.web.Reception.Arrived;
import io.ringdown.sip.web.Reception.Heard;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** UPDATE (RFC 3311), reliable provisional responses (RFC 3262) and session timers (RFC 4028) with softphones. */
class PhonesExtensionsTest {
    private static final String SDP = TextPhone.SDP;
    private static final PhoneId ALICE = new PhoneId("alice", "<urn:uuid:a1.invalid>");
    private static final String CONTACT = "Contact: <sip:ualice@a1.invalid;transport=ws>\r\n";

    private final Reception room = new Reception();
    private final WebSip sip =
            WebSip.start(WebSipSettings.defaults().withDomain("pbx.example"), room, InfoRules.none());
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

    private Arrived call(String more) {
        alice.raw(invite(more));
        return room.invite();
    }

    private String invite(String more) {
        return alice.request("INVITE", "+4930123456", "one", 1, alice.contact() + more, SDP);
    }

    private String inDialog(String method, String response, long cseq, String more, String body) {
        return alice.request(
                method,
                "sip:pbx.example;transport=ws",
                TextPhone.header(response, "To"),
                TextPhone.header(response, "Call-ID"),
                cseq,
                alice.branch(),
                more,
                body);
    }

    private Heard ring() {
        Heard heard = new Heard();
        var _ = sip.invite(
                ALICE,
                new WebSipInvite(
                        Optional.of("+4930987"),
                        Optional.empty(),
                        "alice",
                        SDP,
                        Map.of(),
                        Optional.empty(),
                        Optional.empty()),
                heard);
        return heard;
    }

    // ---- PRACK

    @Test
    void aPhoneThatKnows100relGetsOurAnswerReliablyAndItsCallIsUpOnceItHasSaidSo() {
        Arrived arrived = call("Supported: 100rel\r\n");
        arrived.call().progress(SDP);
        String progress = alice.next("SIP/2.0 183");
        assertThat(progress).endsWith(SDP).contains("Require: 100rel");
        long rseq = Long.parseLong(TextPhone.header(progress, "RSeq"));

        arrived.call().answer(SDP);
        alice.raw(inDialog("PRACK", progress, 2, "RAck: " + (rseq + 1) + " 1 INVITE\r\n", ""));
        assertThat(alice.next("SIP/2.0 4")).as("of no response").startsWith("SIP/2.0 481");
        alice.raw(inDialog("PRACK", progress, 3, "RAck: " + rseq + " 1 INVITE\r\n", ""));
        assertThat(alice.next("SIP/2.0 200")).contains("3 PRACK");
        String ok = alice.next("SIP/2.0 200");
        assertThat(ok).contains("1 INVITE");
        assertThat(alice.seen().stream().filter(seen -> seen.startsWith("SIP/2.0 200") && seen.contains("1 INVITE")))
                .as("not before it had the 183")
                .hasSize(1);
        alice.raw(inDialog("ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);
    }

    @Test
    void aPhoneThatRequires100relHasItAndOneThatDoesNotKnowItHasNone() {
        Arrived arrived = call("Require: 100rel\r\n");
        arrived.call().ring();
        assertThat(alice.next("SIP/2.0 180")).contains("Require: 100rel").contains("RSeq: ");

        alice.raw(alice.request("INVITE", "+4930123456", "two", 1, alice.contact(), SDP));
        room.invite().call().progress(SDP);
        assertThat(alice.next("SIP/2.0 183")).doesNotContain("100rel").doesNotContain("RSeq");
    }

    @Test
    void aReliableResponseOfAPhoneIsAcknowledged() {
        Heard heard = ring();
        String invite = alice.next("INVITE ");
        assertThat(String.join(",", TextPhone.headers(invite, "Supported")))
                .as("a page says 180 once, and TCP brings it")
                .doesNotContain("100rel");
        String early = CONTACT + "Require: 100rel\r\nRSeq: 7\r\n";
        alice.answer(invite, "183 Session Progress", early, SDP);
        String prack = alice.next("PRACK ");
        assertThat(TextPhone.header(prack, "RAck")).isEqualTo("7 " + TextPhone.header(invite, "CSeq"));
        alice.answer(prack, "200 OK", "", "");
        assertThat(heard.next(TrunkEvent.Progress.class).sdp()).contains(SDP);

        alice.answer(invite, "200 OK", CONTACT, SDP);
        heard.next(TrunkEvent.Answered.class);
        alice.next("ACK ");
    }

    // ---- UPDATE

    @Test
    void anUpdateOfAPhoneIsAnsweredAndWithAnOfferItIsOneAsInAReInvite() {
        Arrived arrived = call("");
        arrived.call().answer(SDP);
        String ok = alice.next("SIP/2.0 200");
        assertThat(TextPhone.header(ok, "Allow")).contains("UPDATE");
        alice.raw(inDialog("ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);

        alice.raw(inDialog("UPDATE", ok, 2, alice.contact(), ""));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200").contains("2 UPDATE");
        alice.raw(inDialog("UPDATE", ok, 3, alice.contact(), SDP));
        assertThat(arrived.heard().next(TrunkEvent.Reoffer.class).sdp()).isEqualTo(SDP);
        arrived.call().acceptReoffer(SDP);
        assertThat(alice.next("SIP/2.0 "))
                .startsWith("SIP/2.0 200")
                .contains("3 UPDATE")
                .endsWith(SDP);

        alice.raw(inDialog("UPDATE", ok, 4, alice.contact(), SDP));
        arrived.heard().next(TrunkEvent.Reoffer.class);
        arrived.call().rejectReoffer();
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 488").contains("4 UPDATE");
    }

    @Test
    void anUpdateBeforeTheAnswerIsTakenAndOneOfAnotherUserIsNot() {
        Arrived arrived = call("Supported: 100rel\r\n");
        arrived.call().progress(SDP);
        String progress = alice.next("SIP/2.0 183");
        alice.raw(inDialog("UPDATE", progress, 2, alice.contact(), SDP));
        assertThat(alice.next("SIP/2.0 "))
                .as("our answer is not acknowledged yet")
                .startsWith("SIP/2.0 500");
        alice.raw(inDialog("PRACK", progress, 3, "RAck: " + TextPhone.header(progress, "RSeq") + " 1 INVITE\r\n", ""));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
        alice.raw(inDialog("UPDATE", progress, 4, alice.contact(), ""));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200").contains("4 UPDATE");

        TextPhone bob = new TextPhone("bob", "b.invalid").connect(sip);
        bob.signIn("secret of bob");
        bob.raw(inDialog("UPDATE", progress, 5, "", ""));
        assertThat(bob.next("SIP/2.0 ")).startsWith("SIP/2.0 481");
    }

    // ---- session timers

    @Test
    void aPhonesSessionTimerIsAgreedToAndItRefreshesByUpdateOrReInvite() {
        Arrived arrived = call("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n");
        arrived.call().answer(SDP);
        String ok = alice.next("SIP/2.0 200");
        assertThat(TextPhone.header(ok, "Session-Expires")).isEqualTo("120;refresher=uac");
        assertThat(String.join(",", TextPhone.headers(ok, "Require"))).contains("timer");
        alice.raw(inDialog("ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);

        String again = alice.contact() + "Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n";
        alice.raw(inDialog("UPDATE", ok, 2, again, ""));
        String refreshed = alice.next("SIP/2.0 ");
        assertThat(refreshed).startsWith("SIP/2.0 200");
        assertThat(TextPhone.header(refreshed, "Session-Expires")).isEqualTo("120;refresher=uac");
        alice.raw(inDialog("INVITE", ok, 3, again, SDP));
        alice.next("SIP/2.0 100");
        arrived.heard().next(TrunkEvent.Reoffer.class);
        arrived.call().acceptReoffer(SDP);
        assertThat(TextPhone.header(alice.next("SIP/2.0 200"), "Session-Expires"))
                .isEqualTo("120;refresher=uac");
    }

    @Test
    void aPhoneThatWantsTooShortASessionIsToldTheLeast() {
        alice.raw(invite("Supported: timer\r\nSession-Expires: 60\r\n"));

        String refusal = alice.next("SIP/2.0 4");
        assertThat(refusal).startsWith("SIP/2.0 422");
        assertThat(TextPhone.header(refusal, "Min-SE")).isEqualTo("90");
        assertThat(room.invites).isEmpty();
    }

    @Test
    void aPhoneThatIsCalledIsOfferedASessionTimerAndMayAskForALongerOne() {
        Heard heard = ring();
        String invite = alice.next("INVITE ");
        assertThat(TextPhone.header(invite, "Session-Expires")).isEqualTo("1800");
        alice.answer(invite, "422 Session Interval Too Small", "Min-SE: 3600\r\n", "");
        String again = alice.next("INVITE ");
        assertThat(TextPhone.header(again, "Session-Expires")).isEqualTo("3600");
        assertThat(TextPhone.header(again, "Min-SE")).isEqualTo("3600");

        alice.answer(
                again,
                "200 OK",
                CONTACT
                        + "Require: timer\r\nSession-Expires: 3600;refresher=uas\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n",
                SDP);
        heard.next(TrunkEvent.Answered.class);
        String ack = alice.next("ACK ");
        String refresh = alice.request(
                "UPDATE",
                "sip:pbx.example;transport=ws",
                TextPhone.header(again, "From"),
                TextPhone.header(again, "Call-ID"),
                1,
                alice.branch(),
                CONTACT + "Supported: timer\r\nSession-Expires: 3600;refresher=uac\r\nMin-SE: 3600\r\n",
                "");
        alice.raw(refresh.replaceFirst("(?m)^From: .*", "From: " + TextPhone.header(ack, "To")));
        String refreshed = alice.next("SIP/2.0 ");
        assertThat(refreshed).startsWith("SIP/2.0 200");
        assertThat(TextPhone.header(refreshed, "Session-Expires")).isEqualTo("3600;refresher=uac");
    }

    @Test
    @Tag("slow")
    void aCallOutlivesItsSessionWhileThePhoneIsAwayAndIsRefreshedWhenItIsBack() throws InterruptedException {
        Arrived arrived = call("Supported: timer\r\nSession-Expires: 90\r\n");
        arrived.call().answer(SDP);
        String ok = alice.next("SIP/2.0 200");
        assertThat(TextPhone.header(ok, "Session-Expires")).isEqualTo("90;refresher=uas");
        alice.raw(inDialog("ACK", ok, 1, "", ""));
        arrived.heard().next(TrunkEvent.Confirmed.class);
        alice.cut();
        Thread.sleep(61_000); // the refresh was due after 45 s, and 60 s after the answer the session was over
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        String refresh = again.next("UPDATE ");
        again.answer(refresh, "200 OK", CONTACT + "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n", "");
        arrived.call().reoffer(SDP);
        again.next("INVITE ");
        assertThat(again.seen()).as("the call goes on").noneMatch(message -> message.startsWith("BYE "));
    }

    @Test
    @Tag("slow")
    void whoseCallEndedWhileTheyWereAwayHearsSoHoweverLateTheyAreBack() throws InterruptedException {
        Arrived arrived = call("");
        arrived.call().ring();
        alice.next("SIP/2.0 180");
        alice.cut();
        arrived.heard().next(TrunkEvent.Ended.class);
        Thread.sleep(33_000); // 64*T1 and the call would be forgotten
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));

        assertThat(again.next("SIP/2.0 487")).contains("CSeq: 1 INVITE");
    }
}

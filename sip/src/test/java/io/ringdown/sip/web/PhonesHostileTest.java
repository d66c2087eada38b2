package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.web.Reception.Arrived;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mutants of what JsSIP and SIP.js send: nothing of them may escape, stay, or reach another's call. */
class PhonesHostileTest {
    // As SIP.js 0.21.2 writes it, abridged where it only repeats what JsSIP's has.
    private static final String SIP_JS = """
            REGISTER sip:pbx.example SIP/2.0
            Via: SIP/2.0/WSS 8tq2p1mfs5l2.invalid;branch=z9hG4bK5571029
            To: <sip:bob@pbx.example>
            From: <sip:bob@pbx.example>;tag=8p1q0nv2ct
            CSeq: 7 REGISTER
            Call-ID: 3o8bm3vcq1rslq2sr1q5ck
            Max-Forwards: 70
            Contact: <sip:kq0d5b2v@8tq2p1mfs5l2.invalid;transport=ws>;expires=600
            Allow: ACK,CANCEL,INVITE,MESSAGE,BYE,OPTIONS,INFO,NOTIFY,REFER
            Supported: outbound, path, gruu
            User-Agent: SIP.js/0.21.2
            Content-Length: 0

            """.replace("\n", "\r\n");

    private static final String ODD = "\"<;=,@:%0\ud800";

    private final Reception room = new Reception();
    private final WebSip sip = WebSip.start(
            new WebSipSettings(
                    "pbx.example",
                    "Ringdown",
                    Duration.ofSeconds(60),
                    Duration.ofHours(1),
                    Duration.ZERO,
                    Duration.ofSeconds(60),
                    10,
                    1000,
                    50,
                    100_000),
            room);

    @AfterEach
    void stop() {
        sip.close();
    }

    @Test
    void noMutantEscapesOrReachesTheCallOfAnother() {
        play(Long.getLong("seed", System.nanoTime()));
    }

    @Test
    void anAckWhoseFirstViaHasNoBranchAsTheStackReadsItIsNobodys() {
        play(26112623184000000L);
    }

    private void play(long seed) {
        TextPhone alice = new TextPhone("alice", "a1.invalid").connect(sip);
        alice.signIn("secret of alice");
        alice.raw(alice.request("INVITE", "123", "kept", 1, alice.contact(), TextPhone.SDP));
        Arrived kept = room.invite();
        kept.call().answer(TextPhone.SDP);
        String ok = alice.next("SIP/2.0 200");
        String ack = inDialog(alice, ok, "ACK", 1);
        alice.raw(ack);
        kept.heard().next(TrunkEvent.Confirmed.class);

        Random random = new Random(seed);
        List<String> genuine = List.of(
                SIP_JS,
                alice.register("Authorization: Bearer nonsense\r\n"),
                alice.request("INVITE", "123", "mutant", 1, alice.contact(), TextPhone.SDP),
                inDialog(alice, ok, "BYE", 2),
                inDialog(alice, ok, "REFER", 3),
                inDialog(alice, ok, "INFO", 4),
                ack,
                ok);
        for (int i = 0; i < 40; i++) {
            TextPhone mallory = new TextPhone("bob", "m" + i + ".invalid").connect(sip);
            if (i % 2 == 0) {
                mallory.signIn("secret of bob");
            }
            for (int j = 0; j < 60 && mallory.closedWith.isEmpty(); j++) {
                mallory.raw(mutant(genuine.get(random.nextInt(genuine.size())), random));
            }
            if (mallory.closedWith.isEmpty() && i % 4 < 2) {
                mallory.raw("\r\n".repeat(2));
                mallory.next("");
            }
            mallory.cut();
        }

        alice.unread();
        alice.raw(inDialog(alice, ok, "BYE", 9));
        assertThat(alice.next("SIP/2.0 ")).as("seed %d", seed).startsWith("SIP/2.0 200");
        kept.heard().next(TrunkEvent.Ended.class);
        Map<?, ?> counters = (Map<?, ?>) Objects.requireNonNull(sip.debugState().get("counters"));
        assertThat(counters.get("bugs")).as("seed %d", seed).isEqualTo(0L);
    }

    @Test
    void whatStrangersAskForHoldsNoTransaction() {
        TextPhone stranger = new TextPhone("alice", "s.invalid").connect(sip);
        for (int i = 0; i < 20; i++) {
            stranger.raw(stranger.request("INVITE", "123", "s" + i, 1, stranger.contact(), TextPhone.SDP));
            assertThat(stranger.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
            stranger.raw(stranger.request("CANCEL", "123", "c" + i, 1, "", ""));
            assertThat(stranger.next("SIP/2.0 ")).startsWith("SIP/2.0 481");
        }
        assertThat(sip.debugState().get("transactions")).isEqualTo(0);

        assertThat(stranger.signIn("secret of alice")).startsWith("SIP/2.0 200");
        stranger.raw(stranger.request("INVITE", "123", "own", 1, stranger.contact(), TextPhone.SDP));
        room.invite();
        assertThat(sip.debugState().get("transactions")).isNotEqualTo(0);
    }

    private static String inDialog(TextPhone phone, String ok, String method, long cseq) {
        return phone.request(
                method,
                "sip:pbx.example;transport=ws",
                TextPhone.header(ok, "To"),
                TextPhone.header(ok, "Call-ID"),
                cseq,
                phone.branch(),
                method.equals("REFER")
                        ? phone.contact() + "Refer-To: <sip:1@pbx.example?Replaces=a%3Bto-tag%3Db>\r\n"
                        : "",
                "");
    }

    private static String mutant(String whole, Random random) {
        StringBuilder text = new StringBuilder(whole);
        int changes = random.nextInt(4);
        for (int i = 0; i <= changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(7)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.setLength(at);
                case 2 -> text.insert(at, text.substring(at / 2, at));
                case 3 -> text.insert(at, System.lineSeparator() + '\r');
                case 4 -> text.deleteCharAt(at);
                case 5 -> text.insert(at, ODD.charAt(random.nextInt(ODD.length())));
                default -> text.insert(at, Long.toString(random.nextLong()));
            }
        }
        return text.toString();
    }
}

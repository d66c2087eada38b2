package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the application is told of each press: by a far end that reports, one that does not, one that loses, and one that hangs up. */
@ExtendWith(Trial.Extension.class)
final class ReceiptsIT {

    private static final Set<String> LAST_WORDS = Set.of("confirmed", "unconfirmable", "failed");

    @ParameterizedTest
    @EnumSource
    void aReportPastThePressConfirmsIt(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, far, exchange, kind);
        phone.evaluate("client.press('1#', 120, 100)");
        await(phone, 2, "sent");
        assertThat(words(phone, 0)).containsExactly("accepted", "sent");
        JsonNode sent = receipts(phone, "sent").getFirst();
        Press press = Press.of(far.received()).getFirst();
        assertThat(sent.path("timestamp").asLong()).as("that of the packets").isEqualTo(press.timestamp());
        assertThat(sent.path("packets").asInt()).as("as many as came").isEqualTo(press.packets());
        assertThat(sent.path("duration").asInt()).isBetween(100, 140);
        Tools.pause(100); // a packet of audio behind them
        far.report(packet -> true);
        await(phone, 2, "confirmed");
        assertThat(words(phone, 1)).containsExactly("accepted", "sent", "confirmed");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    @Test
    void aBaresipConfirmsByItsOwnReports(Trial trial) {
        int port = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", Exchange.carrier(port));
        Exchange exchange = Exchange.start(trial, config, port);
        ABaresipIsTheFarEndIT.baresip(trial, port, ABaresipIsTheFarEndIT.Speaks.G711);
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        Tools.pause(300);
        phone.evaluate("client.press('42', 120, 100)");
        await(phone, 2, "confirmed");
        assertThat(words(phone, 0)).containsExactly("accepted", "sent", "confirmed");
        phone.hangUp();
        phone.awaitEnded(10);
    }

    @Test
    void withoutReportsNobodyCanSay(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, far, exchange, Browser.Kind.CHROMIUM);
        phone.evaluate("client.press('1', 120, 100)");
        await(phone, 1, "unconfirmable"); // after 15 s
        assertThat(words(phone, 0)).containsExactly("accepted", "sent", "unconfirmable");
        assertThat(receipts(phone, "unconfirmable").getFirst().path("reason").asText())
                .isEqualTo("no-reports");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    @Test
    void whatTheReportsCallLostIsToldSo(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, far, exchange, Browser.Kind.CHROMIUM);
        far.report(packet -> true);
        List<FarEnd.Packet> before = far.received();
        phone.evaluate("client.press('1', 120, 100)");
        await(phone, 1, "sent");
        Tools.pause(200);
        FarEnd.Packet last = FarEnd.inOrder(far.received()).getLast();
        Predicate<FarEnd.Packet> afterAnOutage = packet -> before.contains(packet) || packet.equals(last);
        far.report(afterAnOutage);
        await(phone, 1, "failed");
        assertThat(receipts(phone, "failed").getFirst().path("reason").asText()).isEqualTo("lost");

        phone.evaluate("client.press('2', 120, 100)");
        await(phone, 2, "sent");
        Tools.pause(200);
        List<FarEnd.Packet> unto = far.received();
        far.report(packet ->
                packet.payloadType() < 96 && (afterAnOutage.test(packet) || unto.indexOf(packet) > unto.indexOf(last)));
        await(phone, 1, "unconfirmable");
        assertThat(receipts(phone, "unconfirmable").getFirst().path("reason").asText())
                .as("as many are lost as the press had packets")
                .isEqualTo("loss-reported");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    @ParameterizedTest
    @EnumSource
    void onAHangUpEachHasItsLastWordBeforeTheEnd(WhoHangsUp who, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier(who == WhoHangsUp.BROWSER ? "uas-answer" : "uas-answer-then-bye", G711.PCMU, far)
                        .with("-d", "3000"));
        RawClient phone = established(trial, far, exchange, Browser.Kind.CHROMIUM);
        phone.evaluate(
                "client.send({type: 'dtmf', call: client.call, ref: 'd', digits: '12,,,,345', duration: 120, gap: 80})");
        await(phone, 2, "sent");
        if (who == WhoHangsUp.BROWSER) {
            phone.hangUp();
        }
        phone.awaitEnded(10);
        carrier.awaitSuccess(10);
        assertThat(phone.messages().getLast().path("type").asText()).isEqualTo("ended");
        for (int index = 0; index < 5; index++) {
            assertThat(words(phone, index)).as("press " + index).startsWith("accepted");
            assertThat(words(phone, index).stream().filter(LAST_WORDS::contains))
                    .as("the last words on press " + index)
                    .containsExactly(index < 2 ? "unconfirmable" : "failed");
        }
        assertThat(receipts(phone, "unconfirmable"))
                .allSatisfy(each -> assertThat(each.path("reason").asText()).isEqualTo("call-ended"));
        assertThat(receipts(phone, "failed"))
                .allSatisfy(each -> assertThat(each.path("reason").asText()).isEqualTo("line-gone"));
    }

    /** Whose end a call has. */
    enum WhoHangsUp {
        BROWSER,
        TELEPHONE
    }

    @ParameterizedTest
    @EnumSource
    void theSdkWaitsUntilTheyAreConfirmed(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        phone.evaluate("(phone.call.sendDigits('47#', {duration: 120, gap: 80, until: 'confirmed'})"
                + ".then((all) => { phone.receipts = all; }, (error) => { phone.receipts = [error.code]; }), true)");
        Tools.await(
                "all are sent",
                10,
                () -> phone.evaluate("phone.story.filter((each) => each.state === 'sent').length")
                                .asInt()
                        == 3,
                () -> phone.evaluate("phone.story").toString());
        Tools.pause(100);
        assertThat(phone.evaluate("phone.receipts === undefined").asBoolean())
                .as("not before the word of the telephone")
                .isTrue();
        far.report(packet -> true);
        Tools.await(
                "sendDigits resolves",
                10,
                () -> phone.evaluate("phone.receipts !== undefined").asBoolean(),
                () -> phone.evaluate("phone.story").toString());
        JsonNode told =
                phone.evaluate("phone.receipts.map(({ordinal, state, road}) => [ordinal, state, road].join(' '))");
        assertThat(told.toString()).isEqualTo("[\"0 confirmed rtp\",\"1 confirmed rtp\",\"2 confirmed rtp\"]");
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
    }

    private static RawClient established(Trial trial, FarEnd far, Exchange exchange, Browser.Kind kind) {
        RawClient phone = exchange.phone(trial, kind.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        return phone;
    }

    private static List<JsonNode> receipts(RawClient phone, String state) {
        return phone.messages("dtmf-receipt").stream()
                .filter(receipt -> receipt.path("state").asText().equals(state))
                .toList();
    }

    /** What has been told of one press, in order. */
    private static List<String> words(RawClient phone, int press) {
        return phone.messages("dtmf-receipt").stream()
                .filter(receipt -> receipt.path("press").asInt() == press)
                .map(receipt -> receipt.path("state").asText())
                .toList();
    }

    private static void await(RawClient phone, int count, String state) {
        Tools.await(
                count + " presses are " + state,
                25,
                () -> receipts(phone, state).size() >= count,
                () -> phone.messages("dtmf-receipt").toString());
    }
}

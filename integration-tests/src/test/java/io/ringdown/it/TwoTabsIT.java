package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tab with a call is opened a second time: the call stays where it is until somebody takes it over, and then it is there alone. */
@ExtendWith(Trial.Extension.class)
final class TwoTabsIT {

    @ParameterizedTest
    @EnumSource
    void aCallIsInOneTabAtATime(Browser.Kind kind, Trial trial, Exchange exchange) {
        Browser browser = kind.browser();
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        SdkPage tab = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
        tab.connect(exchange.gateway());
        tab.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        tab.await("established", 15);
        far.awaitAudio(10);
        String call = tab.evaluate("phone.call.id").asText();

        tab.evaluate("!!(window.other = window.open('/sdk.html'))"); // its storage begins as a copy of ours
        Tools.await(
                "the other tab has signed in",
                15,
                () -> tab.evaluate("other.phone?.client?.state === 'connected'").asBoolean(),
                () -> tab.evaluate("other.phone?.story").toString());
        assertThat(tab.evaluate(
                                "[other.phone.client.elsewhere, other.phone.client.calls.length, phone.client.calls.length].join()")
                        .asText())
                .isEqualTo("true,0,1");
        Ear.hears("the telephone", Ear.of(trial.directory(), "first", far.listenFor(1000)), browser.microphoneHz());

        long when = System.nanoTime();
        tab.evaluate("other.phone.client.takeOver().then(() => true)");
        tab.await("client disconnected", 5);
        assertThat(tab.evaluate("[phone.call.reason.cause, phone.client.state, phone.client.elsewhere].join()")
                        .asText())
                .isEqualTo("taken-over,closed,true");
        assertThat(tab.evaluate("other.phone.client.calls.map(({ id }) => id).join()")
                        .asText())
                .isEqualTo(call);
        long gap = Gap.after(trial, far, when, 3000, browser.microphoneHz());
        assertThat(gap).isLessThan(2000);
        Ear.hears("the telephone", Ear.of(trial.directory(), "second", far.listenFor(1000)), browser.microphoneHz());

        tab.evaluate("(other.phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
        assertThat(carrier.messages().lines().filter(line -> line.startsWith("INVITE sip:")))
                .hasSize(1);
        tab.evaluate("(other.close(), true)");
    }
}

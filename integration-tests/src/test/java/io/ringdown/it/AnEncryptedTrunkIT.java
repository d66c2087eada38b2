package io.ringdown.it;

import static io.ringdown.evidence.Row.MEDIA_SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Shows;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in SDP (RFC 4568, RFC 8643): baresip, whose SRTP is not ours, is called and calls; SIPp is refused what it may not have. */
@Shows(MEDIA_SECURITY)
@ExtendWith(Trial.Extension.class)
final class AnEncryptedTrunkIT {
    private static final String BROWSERS_NUMBER = "+493055509999";
    private static final Pattern SUITE = Pattern.compile("\"suite\":\"(\\w+)\"");
    private static final Pattern BARESIPS_SUITE = Pattern.compile("SRTP is Enabled \\(cryptosuite=(\\w+)");
    private static final Pattern KEYED = Pattern.compile("inline:[A-Za-z0-9+/]{20}");

    @ParameterizedTest
    @CsvSource({"required, srtp-mand, suite", "best-effort, srtp, suite", "best-effort, '', RTP in the clear"})
    void baresipIsCalledAndTheyHearEachOther(String srtp, String mediaenc, String seen, Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = exchange(trial, srtp, port);
        Path folder = ABaresipIsTheFarEndIT.baresip(
                trial, port, ABaresipIsTheFarEndIT.Speaks.G711, mediaenc.isEmpty() ? "" : ";mediaenc=" + mediaenc);
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        hearEachOther(phone, folder, exchange, seen.equals("suite"));
    }

    @ParameterizedTest
    @CsvSource({"required, srtp-mand", "required, srtp-mandf", "best-effort, srtp"})
    void baresipCallsAndTheyHearEachOther(String srtp, String mediaenc, Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = exchange(trial, srtp, port);
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser(), BROWSERS_NUMBER);
        Path folder = ABaresipIsTheFarEndIT.baresip(
                trial,
                port,
                ABaresipIsTheFarEndIT.Speaks.G711,
                ";mediaenc=" + mediaenc,
                "/dial sip:" + BROWSERS_NUMBER + "@127.0.0.1:"
                        + exchange.config().sipPort());
        JsonNode incoming = phone.await("incoming", 15);
        phone.evaluate("client.accept(" + incoming.get("call") + ")");
        phone.awaitEstablished();
        hearEachOther(phone, folder, exchange, true);
    }

    @Test
    void whatIsNotEncryptedIsRefusedWhereItMustBe(Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = exchange(trial, "required", port);
        isRefused("uac-expects", exchange, trial);
    }

    @Test
    void whatIsEncryptedIsRefusedWhereItIsOff(Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = exchange(trial, "off", port);
        isRefused("uac-expects-encrypted", exchange, trial);
        assertThat(exchange.gateway().log()).contains("srtp is off for this trunk");
        assertThat(exchange.gateway().log()).doesNotContainPattern(KEYED);
    }

    private static void isRefused(String scenario, Exchange exchange, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser(), BROWSERS_NUMBER);
        Sipp caller = Sipp.start(
                trial,
                exchange.caller(scenario, BROWSERS_NUMBER, G711.PCMU, far, 0).key("status", 488));
        caller.awaitSuccess(10);
        assertThat(phone.messages("incoming")).as("nobody is rung for it").isEmpty();
    }

    private static void hearEachOther(RawClient phone, Path folder, Exchange exchange, boolean encrypted) {
        Ear.hears("the browser", phone.hearOnceLoud(), ABaresipIsTheFarEndIT.BARESIP_HZ);
        Tools.pause(1500);
        String state = exchange.gateway().debugState().toString();
        Matcher ours = SUITE.matcher(state);
        assertThat(ours.find()).as(state).isEqualTo(encrypted);
        phone.hangUp();
        phone.awaitEnded(10);
        Sound heard = ABaresipIsTheFarEndIT.recording(folder);
        Ear.hears(
                "baresip",
                heard.between(heard.seconds() - 2, heard.seconds() - 0.5),
                phone.browser().microphoneHz());
        Matcher baresips = BARESIPS_SUITE.matcher(BrowserProcess.read(folder.resolve("baresip.log")));
        assertThat(baresips.find()).isEqualTo(encrypted);
        if (encrypted) {
            assertThat(baresips.group(1)).isEqualTo(ours.group(1));
        }
        assertThat(exchange.gateway().log() + state).doesNotContainPattern(KEYED);
    }

    private static Exchange exchange(Trial trial, String srtp, int port) {
        return Exchange.start(trial, new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          srtp: %s
                        prefixes: ['+']
                        """.formatted(port, srtp)), port);
    }
}

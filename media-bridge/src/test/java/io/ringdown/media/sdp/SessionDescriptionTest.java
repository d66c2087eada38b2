package io.ringdown.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.SdpRejectedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionDescriptionTest {
    private static final String SMALLEST = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

    static List<String> fixtures() {
        return SdpFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void printingGivesBackWhatWasParsed(String fixture) throws Exception {
        String text = SdpFixtures.read(fixture);
        assertThat(parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n", "\r\n\r\n"})
    void anyEndOfLineWillDoAndTheLastMayBeMissing(String end) throws Exception {
        String text = SMALLEST.strip().replace("\r\n", end);
        assertThat(parse(text).text()).isEqualTo(SMALLEST);
    }

    @Test
    void limitsHoldAndTheirNeighboursPass() throws Exception {
        SdpLimits limits = new SdpLimits(400, 10, 2, 3);
        assertThat(SessionDescription.parse(SMALLEST + "a=x\r\n".repeat(6), limits)
                        .text())
                .endsWith("a=x\r\n");
        assertThat(SessionDescription.parse(SMALLEST + "m=audio 9 RTP/AVP 0\r\n".repeat(2), limits)
                        .media())
                .hasSize(2);
        assertRejected(SMALLEST + "a=x\r\n".repeat(7), limits, "more than 10 lines");
        assertRejected(SMALLEST + "m=audio 9 RTP/AVP 0\r\n".repeat(3), limits, "more than 2 m= lines");
        assertRejected(SMALLEST + "a=candidate:1\r\n".repeat(4), limits, "more than 3 candidates");
        assertRejected(SMALLEST + "a=" + "x".repeat(400), limits, "characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=1\r\n",
                "o=- 1 1 IN IP4 192.0.2.1\r\n",
                SMALLEST + "nonsense\r\n",
                SMALLEST + "A=x\r\n",
                SMALLEST + "a\r\n",
                SMALLEST + " a=x\r\n",
                SMALLEST + "a=x\0y\r\n",
                SMALLEST + "m=audio\r\n",
                SMALLEST + "m=audio x RTP/AVP 0\r\n",
                SMALLEST + "m=audio 65536 RTP/AVP 0\r\n",
                SMALLEST + "m=audio -1 RTP/AVP 0\r\n",
                SMALLEST + "m=\u00e4udio 9 RTP/AVP 0\r\n",
            })
    void whatIsNoDescriptionIsRejected(String text) {
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> parse(text));
    }

    @Test
    void aRejectionShowsForeignTextInVisibleCharactersOnly() {
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> parse(SMALLEST + "m=a\u0007b\u001b[31m 9\r\n"))
                .withMessage("the line m=a?b?[31m 9 is malformed");
    }

    @Test
    void tooManyFormatsAreRejected() {
        String line = "m=audio 9 RTP/AVP" + " 0".repeat(129);
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> parse(SMALLEST + line));
    }

    @Test
    void aDescriptionDoesNotShowItsPasswords() throws Exception {
        assertThat(parse(SMALLEST + "a=ice-pwd:secret\r\n")).hasToString("SessionDescription[0 media]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IN IP4 pstn.example",
                "IN IP4 127.1",
                "IN IP4 2130706433",
                "IN IP4 0x7f.0.0.1",
                "IN IP4 0177.0.0.1",
                "IN IP4 192.0.2.256",
                "IN IP4 192.0.2.1.",
                "IN IP4 192.0.2.1/127",
                "IN IP4 233.252.0.1",
                "IN IP4 255.255.255.255",
                "IN IP4 2001:db8::1",
                "IN IP6 192.0.2.1",
                "IN IP6 ::ffff:127.0.0.1",
                "IN IP6 fe80::1%lo",
                "IN IP6 ff02::1",
                "IN IP6 [2001:db8::1]",
                "ATM NSAP 47.0091",
                "IN IP4",
                ""
            })
    void onlyPlainUnicastLiteralsAreAddresses(String connection) {
        assertThat(SdpText.address(connection)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"IN IP4 192.0.2.1", "IN IP4 0.0.0.0", "IN IP4 10.200.30.4", "IN IP6 2001:db8:0:0:0:0:0:1"})
    void anAddressIsWrittenAsItWasRead(String connection) {
        assertThat(SdpText.connection(SdpText.address(connection).orElseThrow()))
                .isEqualTo(connection);
    }

    private static SessionDescription parse(String text) throws SdpRejectedException {
        return SessionDescription.parse(text, SdpLimits.defaults());
    }

    private static void assertRejected(String text, SdpLimits limits, String why) {
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> SessionDescription.parse(text, limits))
                .withMessageContaining(why);
    }
}

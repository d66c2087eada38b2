package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.G722;
import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class WebNegotiationTest {
    private static final IceParameters FRESH = SdpFixtures.ice("ours");

    static List<String> browsers() {
        return SdpFixtures.OF_BROWSERS;
    }

    @Test
    void chromiumsOfferGetsThisAnswer() throws Exception {
        WebAnswer answer = answer("chromium-156-audio", OPUS, PCMU, PCMA);
        assertThat(answer.sdp())
                .isEqualTo(String.join(
                        "\r\n",
                        "v=0",
                        "o=- 4711 1 IN IP4 0.0.0.0",
                        "s=-",
                        "t=0 0",
                        "a=group:BUNDLE 0",
                        "a=ice-lite",
                        "m=audio 10000 UDP/TLS/RTP/SAVPF 63 111 110",
                        "c=IN IP4 192.0.2.1",
                        "a=mid:0",
                        "a=sendrecv",
                        "a=rtpmap:111 opus/48000/2",
                        "a=fmtp:111 minptime=10;useinbandfec=0;maxplaybackrate=8000;maxaveragebitrate=32000",
                        "a=rtpmap:63 red/48000/2",
                        "a=fmtp:63 111/111",
                        "a=rtpmap:110 telephone-event/48000",
                        "a=fmtp:110 0-15",
                        "a=ptime:20",
                        "a=rtcp-mux",
                        "a=msid:ringdown audio",
                        "a=ssrc:4275878552 cname:someone",
                        "a=setup:passive",
                        "a=fingerprint:" + SdpFixtures.web(OPUS).fingerprint().text(),
                        "a=ice-ufrag:ours",
                        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host",
                        "a=candidate:2 1 udp 2130706175 2001:db8:0:0:0:0:0:1 10000 typ host",
                        "a=end-of-candidates",
                        ""));
        assertThat(answer.format())
                .isEqualTo(new WebFormat(
                        OPUS,
                        111,
                        OptionalInt.of(110),
                        48_000,
                        20,
                        List.of(),
                        OptionalInt.of(63),
                        WebFormat.ANY_BITRATE));
        assertThat(answer.direction()).isEqualTo(Direction.SENDRECV);
        assertThat(answer.theirs()).isEqualTo(new IceParameters("+ypF", "t0Fl1v1+K27KWFUnA4A2G5xa"));
        assertThat(answer.fingerprints()).hasSize(1);
        assertThat(answer.iceRestarted()).isTrue();
        assertThat(answer.dtlsRestarted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "chromium-156-audio,   OPUS, 111, 110, 48000",
        "chromium-156-audio,   PCMU,   0, 126,  8000",
        "chromium-156-audio,   G722,   9, 126,  8000",
        "firefox-153-audio,    G722,   9, 101,  8000",
        "chromium-156-audio,   PCMA,   8, 126,  8000",
        "firefox-153-audio,    OPUS, 109, 101,  8000",
        "firefox-153-audio,    PCMA,   8, 101,  8000",
        "safari-macos-audio,   OPUS, 111, 110, 48000",
        "safari-ios-audio,     OPUS, 111, 110, 48000",
        "safari-ios-audio,     PCMU,   0, 126,  8000",
    })
    void exactlyOneTelephoneEventFitsTheCodec(
            String offer, AudioCodec codec, int payloadType, int eventPayloadType, int eventClockRate)
            throws Exception {
        WebAnswer answer = answer(offer, codec);
        assertThat(answer.format())
                .returns(codec, WebFormat::codec)
                .returns(payloadType, WebFormat::payloadType)
                .returns(OptionalInt.of(eventPayloadType), WebFormat::eventPayloadType)
                .returns(eventClockRate, WebFormat::eventClockRate)
                .returns(20, WebFormat::ptimeMillis);
        assertThat(answer.sdp()).containsOnlyOnce("telephone-event/" + eventClockRate);
        assertThat(answer.sdp().split("telephone-event", -1)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "chromium-156-audio, 63 111 9 8 0 110, 48000, 9 63 111 8 0 126, 8000",
        "firefox-153-audio,  109 9 8 0 101,  8000, 9 109 8 0 101, 8000",
    })
    void whereTheCodecMayChangeAllAreAnsweredWithTheTelephoneEventOfTheFirst(
            String offer, String formats, int eventClockRate, String otherFormats, int otherEventClockRate)
            throws Exception {
        WebNegotiation negotiation = changing(OPUS, G722, PCMA, PCMU);
        WebAnswer answer = negotiation.answer(SdpFixtures.read(offer), FRESH);
        assertThat(answer.sdp())
                .contains("SAVPF " + formats + "\r\n", "a=rtpmap:9 G722/8000\r\n", "a=rtpmap:8 PCMA/8000\r\n")
                .containsOnlyOnce("a=rtpmap:" + formats.substring(formats.lastIndexOf(' ') + 1) + " telephone-event/")
                .contains("telephone-event/" + eventClockRate + "\r\n");
        assertThat(answer.sdp().split("telephone-event", -1)).hasSize(2);
        assertThat(answer.format().codec()).isEqualTo(OPUS);
        assertThat(answer.format().alternatives()).extracting(WebFormat::codec).containsExactly(G722, PCMA, PCMU);
        assertThat(answer.format().alternatives()).allSatisfy(other -> {
            assertThat(other.eventClockRate()).isEqualTo(8_000);
            assertThat(other.eventPayloadType()).isPresent();
        });

        WebAnswer other = negotiation.answerWith(G722).orElseThrow();
        assertThat(other.sdp())
                .contains("SAVPF " + otherFormats + "\r\n", "telephone-event/" + otherEventClockRate + "\r\n")
                .contains("a=ice-ufrag:ours\r\n", "o=- 4711 2 IN");
        assertThat(other.sdp().split("telephone-event", -1)).hasSize(2);
        assertThat(other.iceRestarted()).isFalse();
        assertThat(other.dtlsRestarted()).isFalse();
        // And what the browser asks for later is answered in the same order, without beginning anything anew.
        WebAnswer later = negotiation.answer(SdpFixtures.read(offer), SdpFixtures.ice("later"));
        assertThat(later.format()).isEqualTo(other.format());
        assertThat(later.iceRestarted()).isFalse();
        assertThat(negotiation.answerWith(OPUS).orElseThrow().format()).isEqualTo(answer.format());
    }

    @Test
    void onlyWhatWasAnsweredCanBePutFirst() throws Exception {
        WebNegotiation one = negotiation();
        assertThat(one.answerWith(OPUS)).isEmpty();
        one.answer(SdpFixtures.read("chromium-156-audio"), FRESH);
        assertThat(one.answerWith(PCMU)).isEmpty();
        WebNegotiation several = changing(OPUS, PCMA);
        several.answer(SdpFixtures.read("chromium-156-audio"), FRESH);
        assertThat(several.answerWith(PCMU)).isEmpty();
        assertThat(several.answerWith(PCMA)).isPresent();
    }

    @Test
    void inBandFecIsAskedForWhereThereIsNoRed() throws Exception {
        assertThat(answer("firefox-153-audio", OPUS, PCMU).sdp()).contains("useinbandfec=1;");
        assertThat(answer("chromium-156-audio", OPUS, PCMU).sdp()).contains("useinbandfec=0;", "red/48000");
    }

    @Test
    void aWiderBandIsAskedForWhereTheTrunkMayCarryIt() throws Exception {
        WebAnswer answer = changing(OPUS, G722, PCMA).answer(SdpFixtures.read("chromium-156-audio"), FRESH);
        assertThat(answer.sdp()).contains("maxplaybackrate=16000;");
    }

    @Test
    void tcpIsOfferedBelowEveryUdpAddress() throws Exception {
        WebParty party = SdpFixtures.web(OPUS);
        WebParty both = new WebParty(
                party.codecs(),
                party.sessionId(),
                party.fingerprint(),
                party.candidates(),
                party.ssrc(),
                party.cname(),
                party.candidates());
        String sdp = new WebNegotiation(both, SdpLimits.defaults())
                .answer(SdpFixtures.read("firefox-153-audio"), FRESH)
                .sdp();
        List<String[]> candidates = sdp.lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .map(line -> line.split(" "))
                .toList();
        assertThat(candidates).extracting(words -> words[2]).containsExactly("udp", "udp", "tcp", "tcp");
        assertThat(candidates)
                .extracting(words -> Long.parseLong(words[3]))
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates()
                .allMatch(priority -> priority > 0 && priority < 1L << 31);
        assertThat(candidates).extracting(words -> words[0]).doesNotHaveDuplicates();
        assertThat(sdp).contains(" 192.0.2.1 10000 typ host tcptype passive\r\n");
    }

    private static WebNegotiation changing(AudioCodec... codecs) {
        WebParty changing = SdpFixtures.changing(new WebCodecs(List.of(codecs), 16_000, true));
        return new WebNegotiation(changing, SdpLimits.defaults());
    }

    @ParameterizedTest
    @MethodSource("browsers")
    void noAnswerHasStereoOrComfortNoiseOrHeaderExtensions(String offer) throws Exception {
        for (AudioCodec codec : AudioCodec.values()) {
            assertThat(answer(offer, codec).sdp())
                    .doesNotContain("stereo=1", "CN/8000", "extmap", "rtcp-fb", "actpass");
        }
    }

    @ParameterizedTest
    @MethodSource("browsers")
    void anAnswerHasTheOffersMediaInOrderAndItsOwnRoundTrip(String offer) throws Exception {
        String sdp = answer(offer, OPUS).sdp();
        SessionDescription asked = SessionDescription.parse(SdpFixtures.read(offer), SdpLimits.defaults());
        SessionDescription answered = SessionDescription.parse(sdp, SdpLimits.defaults());
        assertThat(answered.text()).isEqualTo(sdp);
        assertThat(answered.media())
                .extracting(MediaDescription::kind)
                .isEqualTo(asked.media().stream().map(MediaDescription::kind).toList());
        assertThat(answered.media())
                .extracting(MediaDescription::mid)
                .isEqualTo(asked.media().stream().map(MediaDescription::mid).toList());
        assertThat(answered.media())
                .filteredOn(medium -> answered.direction(medium) != Direction.INACTIVE)
                .hasSize(1)
                .allMatch(MediaDescription::isAudio);
    }

    @ParameterizedTest
    @CsvSource({"chromium-156-audio-video-data", "firefox-153-audio-video-data"})
    void videoDataAndASecondAudioAreRefusedWithPortZero(String fixture) throws Exception {
        String[] sections = SdpFixtures.read(fixture).split("(?=m=)", -1);
        String audioFirst = (sections[0] + sections[2] + sections[1] + sections[3] + sections[4])
                .replaceFirst("BUNDLE 0 1", "BUNDLE 1 0");
        SessionDescription answer =
                SessionDescription.parse(negotiation().answer(audioFirst, FRESH).sdp(), SdpLimits.defaults());
        assertThat(answer.media()).extracting(MediaDescription::port).containsExactly(10_000, 0, 0, 0);
        assertThat(answer.session().attribute("group")).hasValue("BUNDLE 1");
        assertThat(answer.media().subList(1, 4))
                .allSatisfy(medium -> assertThat(medium.section().direction()).hasValue(Direction.INACTIVE));
    }

    @ParameterizedTest
    @CsvSource({"chromium-156-audio-video-data", "firefox-153-audio-video-data"})
    void aVideoThatLeadsTheAudiosBundleStaysInItInactive(String fixture) throws Exception {
        SessionDescription answer =
                SessionDescription.parse(answer(fixture, OPUS).sdp(), SdpLimits.defaults());
        assertThat(answer.media()).extracting(MediaDescription::port).containsExactly(10_000, 10_000, 0, 0);
        assertThat(answer.session().attribute("group")).hasValue("BUNDLE 0 1");
        assertThat(answer.media().getFirst().section().direction()).hasValue(Direction.INACTIVE);
        assertThat(answer.media().getFirst().section().attribute("ice-ufrag")).hasValue("ours");
    }

    @Test
    void anAudioThatRidesOnAnotherMediumsBundleIsTaken() throws Exception {
        String offer = SdpFixtures.read("chromium-156-audio");
        String transport = offer.lines()
                .filter(line -> line.matches("a=(ice-ufrag|ice-pwd|fingerprint|setup|rtcp-mux).*"))
                .reduce("", (text, line) -> text + line + "\r\n");
        String bundled = offer.lines()
                .filter(line -> !line.matches("a=(ice-ufrag|ice-pwd|fingerprint|setup|rtcp-mux|candidate).*"))
                .reduce("", (text, line) -> text + line + "\r\n")
                .replace("BUNDLE 0", "BUNDLE v 0")
                .replaceFirst(
                        "m=audio \\d+",
                        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\n" + transport.replace("$", "\\$") + "m=audio 0")
                .replace("a=mid:0\r\n", "a=mid:0\r\na=bundle-only\r\n");
        WebAnswer answer = negotiation().answer(bundled, FRESH);
        assertThat(answer.sdp())
                .contains(
                        "a=group:BUNDLE v 0\r\n",
                        "m=video 10000 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 192.0.2.1\r\na=mid:v\r\na=inactive\r\n",
                        "m=audio 10000 UDP/TLS/RTP/SAVPF 63 111 110\r\n");
        assertThat(answer.theirs().ufrag()).isEqualTo("+ypF");
    }

    @ParameterizedTest
    @CsvSource({"sendrecv,sendrecv", "sendonly,recvonly", "recvonly,sendonly", "inactive,inactive"})
    void theDirectionIsMirrored(String offered, String answered) throws Exception {
        WebAnswer answer = negotiation()
                .answer(SdpFixtures.read("chromium-156-audio").replace("a=sendrecv", "a=" + offered), FRESH);
        assertThat(answer.direction().attribute()).isEqualTo(answered);
        assertThat(answer.sdp()).contains("a=" + answered + "\r\n");
        assertThat(answer.sdp().contains("a=msid:")).isEqualTo(answered.startsWith("send"));
        assertThat(answer.sdp()).as("a hold does not take our stream away").contains("a=ssrc:");
    }

    @Test
    void theSameOfferAgainIsTheSameAnswer() throws Exception {
        WebNegotiation negotiation = negotiation();
        WebAnswer first = negotiation.answer(SdpFixtures.read("firefox-153-audio"), FRESH);
        WebAnswer again = negotiation.answer(SdpFixtures.read("firefox-153-audio"), SdpFixtures.ice("other"));
        assertThat(again.sdp()).isEqualTo(first.sdp());
        assertThat(again.iceRestarted()).isFalse();
        assertThat(again.dtlsRestarted()).isFalse();
        assertThat(again.ours()).isEqualTo(FRESH);
    }

    @Test
    void anIceRestartGetsFreshParametersAndTheNextVersionButNoNewDtls() throws Exception {
        WebNegotiation negotiation = negotiation();
        negotiation.answer(SdpFixtures.read("chromium-156-audio"), FRESH);
        String restart = SdpFixtures.read("chromium-156-audio")
                .replace("a=ice-ufrag:+ypF", "a=ice-ufrag:ABCD")
                .replace("a=ice-pwd:t0Fl1v1+K27KWFUnA4A2G5xa", "a=ice-pwd:0123456789012345678901");
        WebAnswer answer = negotiation.answer(restart, SdpFixtures.ice("next"));
        assertThat(answer.iceRestarted()).isTrue();
        assertThat(answer.dtlsRestarted()).isFalse();
        assertThat(answer.ours().ufrag()).isEqualTo("next");
        assertThat(answer.sdp()).contains("o=- 4711 2 IN", "a=ice-ufrag:next", "a=setup:passive");
    }

    @Test
    void anotherPagesOfferBeginsEverythingAnew() throws Exception {
        WebNegotiation negotiation = negotiation();
        negotiation.answer(SdpFixtures.read("chromium-156-audio-video-data"), FRESH);
        WebAnswer answer = negotiation.answer(SdpFixtures.read("firefox-153-audio"), SdpFixtures.ice("next"));
        assertThat(answer.iceRestarted()).isTrue();
        assertThat(answer.dtlsRestarted()).isTrue();
    }

    @Test
    void aLaterOfferMayNotHaveFewerMediaAndLeavesTheOldAgreementWhenRejected() throws Exception {
        WebNegotiation negotiation = negotiation();
        String whole = SdpFixtures.read("chromium-156-audio-video-data");
        WebAnswer first = negotiation.answer(whole, FRESH);
        String cut = whole.substring(0, whole.lastIndexOf("m="));
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.answer(cut, SdpFixtures.ice("next")))
                .withMessageContaining("fewer m= lines");
        assertThat(negotiation.answer(whole, SdpFixtures.ice("next"))).isEqualTo(sameWithoutRestart(first));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=fingerprint:.*                  |                              | fingerprint is missing",
                "a=fingerprint:.*                  | a=fingerprint:sha-1 00:11    | sha-256",
                "a=fingerprint:sha-256 ..          | a=fingerprint:md5 00         | sha-256",
                "a=fingerprint:sha-256 ..:         | a=fingerprint:sha-256 0G:    | sha-256",
                "a=ice-ufrag:.*                    |                              | ice-ufrag is missing",
                "a=ice-pwd:.*                      | a=ice-pwd:short              | malformed",
                "a=setup:.*                        | a=setup:passive              | passive",
                "a=setup:.*                        | a=setup:holdconn             | holdconn",
                "a=rtcp-mux                        | a=x                          | rtcp-mux",
                "s=-                               | a=ice-lite                   | lite",
                "UDP/TLS/RTP/SAVPF                 | RTP/AVP                      | no m=audio",
                "m=audio \\d+                      | m=audio 0                    | no m=audio",
                "m=audio \\d+                      | m=video 9                    | no m=audio",
                "opus/48000                        | speex/48000                  | offers none of",
            })
    void whatCannotBeCarriedIsRejectedWithItsReason(String part, String replacement, String reason) {
        String offer = SdpFixtures.read("chromium-156-audio")
                .replaceAll(
                        "(?m)" + part.strip() + (replacement == null ? "\r\n" : ""),
                        replacement == null ? "" : replacement);
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> SdpFixtures.webNegotiation(OPUS).answer(offer, FRESH))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "chromium-156-audio, OPUS, 63",
        "safari-macos-audio, OPUS, 63",
        "chromium-156-audio, PCMU, ",
        "firefox-153-audio, OPUS, ",
    })
    void redAroundOpusIsTakenWhereItIsOffered(String offer, AudioCodec codec, @Nullable Integer payloadType)
            throws Exception {
        WebAnswer answer = answer(offer, codec);
        assertThat(answer.format().redPayloadType())
                .isEqualTo(payloadType == null ? OptionalInt.empty() : OptionalInt.of(payloadType));
        assertThat(answer.sdp().contains("red/")).isEqualTo(payloadType != null);
    }

    @ParameterizedTest
    @CsvSource({"63 111/0", "63 111/111x", "63 /", "64 111/111"})
    void redAroundAnythingElseIsNot(String parameters) throws Exception {
        String offer = SdpFixtures.read("chromium-156-audio").replace("a=fmtp:63 111/111", "a=fmtp:" + parameters);
        WebAnswer answer = negotiation().answer(offer, FRESH);
        assertThat(answer.format().redPayloadType()).isEmpty();
        assertThat(answer.sdp()).contains("SAVPF 111 110\r\n").doesNotContain("red/");
    }

    @Test
    void theBrowsersBoundOnTheBitRateIsKnown() throws Exception {
        String offer = SdpFixtures.read("chromium-156-audio")
                .replace("a=fmtp:111 minptime=10;", "a=fmtp:111 minptime=10; maxaveragebitrate=20000;");
        assertThat(negotiation().answer(offer, FRESH).format().mostBitrate()).isEqualTo(20_000);
    }

    @Test
    void aWeakFingerprintBesideAStrongOneIsNotCounted() throws Exception {
        String offer = SdpFixtures.read("chromium-156-audio")
                .replace("a=setup:actpass", "a=fingerprint:sha-1 00:11\r\na=setup:actpass");
        assertThat(negotiation().answer(offer, FRESH).fingerprints()).hasSize(1);
    }

    @Test
    void aFingerprintKnowsItsCertificate() {
        byte[] certificate = {1, 2, 3};
        Fingerprint fingerprint = Fingerprint.of(Fingerprint.Hash.SHA_384, certificate);
        assertThat(fingerprint.matches(certificate)).isTrue();
        assertThat(fingerprint.matches(new byte[] {1, 2, 4})).isFalse();
        assertThat(Fingerprint.parse(fingerprint.text())).hasValue(fingerprint);
        assertThat(Fingerprint.parse(fingerprint.text().toLowerCase(java.util.Locale.ROOT)))
                .hasValue(fingerprint);
    }

    @Test
    void anAnswerDoesNotShowItsPasswords() throws Exception {
        assertThat(answer("chromium-156-audio", OPUS).toString()).doesNotContain("abcdefghijklmnopqrstuvwx", "t0Fl1v1");
    }

    @ParameterizedTest
    @CsvSource({
        "ptime:10, 10, 10",
        "ptime:30, 20, 30",
        "ptime:40, 40, 40",
        "ptime:50, 40, 50",
        "ptime:60, 60, 60",
        "ptime:120, 20, 20",
        "maxptime:10, 10, 10"
    })
    void packetsAreAsLongAsTheBrowserAsksWhereTheCodecHasSuchFrames(String attribute, int opus, int pcmu)
            throws Exception {
        String offer = SdpFixtures.read("chromium-156-audio") + "a=" + attribute + "\r\n";
        assertThat(SdpFixtures.webNegotiation(OPUS)
                        .answer(offer, FRESH)
                        .format()
                        .ptimeMillis())
                .isEqualTo(opus);
        assertThat(SdpFixtures.webNegotiation(PCMU)
                        .answer(offer, FRESH)
                        .format()
                        .ptimeMillis())
                .isEqualTo(pcmu);
    }

    private static WebAnswer answer(String fixture, AudioCodec... codecs) throws SdpRejectedException {
        return SdpFixtures.webNegotiation(codecs).answer(SdpFixtures.read(fixture), FRESH);
    }

    private static WebNegotiation negotiation() {
        return SdpFixtures.webNegotiation(OPUS, PCMU, PCMA);
    }

    private static WebAnswer sameWithoutRestart(WebAnswer answer) {
        return new WebAnswer(
                answer.sdp(),
                answer.format(),
                answer.direction(),
                answer.ours(),
                answer.theirs(),
                answer.fingerprints(),
                false,
                false,
                answer.isDtlsClient());
    }
}

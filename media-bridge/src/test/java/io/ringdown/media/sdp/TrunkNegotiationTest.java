package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.G722;
import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrunkNegotiationTest {

    @Test
    void theOfferIsG711AndOneTelephoneEvent() {
        assertThat(SdpFixtures.trunkNegotiation(PCMA, PCMU).offer())
                .isEqualTo(String.join(
                        "\r\n",
                        "v=0",
                        "o=- 99 1 IN IP4 192.0.2.9",
                        "s=-",
                        "c=IN IP4 192.0.2.9",
                        "t=0 0",
                        "m=audio 20000 RTP/AVP 8 0 101",
                        "a=rtpmap:8 PCMA/8000",
                        "a=rtpmap:0 PCMU/8000",
                        "a=rtpmap:101 telephone-event/8000",
                        "a=fmtp:101 0-15",
                        "a=ptime:20",
                        "a=sendrecv",
                        ""));
    }

    @Test
    void aReportPortApartIsNamedAndIp6IsWrittenAsSuch() {
        TrunkParty party = new TrunkParty(InetAddress.ofLiteral("2001:db8::9"), 20_000, 20_007, List.of(PCMU), 99);
        assertThat(new TrunkNegotiation(party, SdpLimits.defaults()).offer())
                .contains("c=IN IP6 2001:db8:0:0:0:0:0:9\r\n", "a=rtcp:20007\r\n");
    }

    @Test
    void thePlainAnswerIsTaken() throws Exception {
        assertThat(answered("trunk-plain"))
                .isEqualTo(new TrunkFormat(
                        PCMA,
                        8,
                        OptionalInt.of(101),
                        20,
                        address("198.51.100.20", 16_566),
                        address("198.51.100.20", 16_567),
                        true,
                        true));
    }

    @Test
    void aStaticPayloadTypeNeedsNoRtpmapAndTelephoneEventMayBeMissing() throws Exception {
        TrunkFormat format = answered("trunk-no-rtpmap");
        assertThat(format.codec()).isEqualTo(PCMU);
        assertThat(format.payloadType()).isZero();
        assertThat(format.eventPayloadType()).isEmpty();
    }

    @Test
    void theMediumsOwnAddressReportPortAndPtimeCount() throws Exception {
        assertThat(answered("trunk-media-level"))
                .isEqualTo(new TrunkFormat(
                        PCMU,
                        0,
                        OptionalInt.of(96),
                        OptionalInt.of(101), // they write their number, and send under ours
                        30,
                        address("203.0.113.77", 30_002),
                        address("203.0.113.78", 30_100),
                        true,
                        true));
    }

    @Test
    void anIp6AnswerIsTaken() throws Exception {
        assertThat(answered("trunk-ip6").rtp()).isEqualTo(address("2001:db8::20", 40_000));
    }

    @Test
    void theSameAnswerAgainIsTheSameFormat() throws Exception {
        TrunkNegotiation negotiation = negotiation();
        String offer = negotiation.offer();
        assertThat(negotiation.onAnswer(SdpFixtures.read("trunk-plain")))
                .isEqualTo(negotiation.onAnswer(SdpFixtures.read("trunk-plain")));
        assertThat(negotiation.offer()).isEqualTo(offer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m=audio 16566      | m=audio 0              | refuses audio",
                "m=audio 16566      | m=image 16566          | refuses audio",
                "RTP/AVP 8 0        | RTP/AVP 18 3           | none of",
                "RTP/AVP            | RTP/SAVP               | none of",
                "c=IN IP4 198.*     | c=IN IP4 pstn.example  | plain address",
                "c=IN IP4 198.*     | c=IN IP4 224.2.1.1/127 | plain address",
                "c=IN IP4 198.*     | a=x                    | c= is missing",
                "(?s)m=.*           | a=x                    | no m=audio",
            })
    void anAnswerThatCannotBeUsedIsRejectedWithItsReason(String part, String replacement, String reason) {
        String answer = SdpFixtures.read("trunk-plain").replaceAll(part, replacement);
        TrunkNegotiation negotiation = negotiation();
        assertThat(negotiation.offer()).contains("m=audio");
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.onAnswer(answer))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "sendrecv, true, true, sendrecv",
        "sendonly, false, true, recvonly",
        "recvonly, true, false, sendonly",
        "inactive, false, false, inactive"
    })
    void directionsAreHonouredInAnswersAndMirroredInOurs(String theirs, boolean weSend, boolean theySend, String ours)
            throws Exception {
        String sdp = SdpFixtures.read("trunk-plain").replace("a=sendrecv", "a=" + theirs);
        TrunkNegotiation caller = negotiation();
        assertThat(caller.offer()).contains("a=sendrecv");
        assertThat(caller.onAnswer(sdp).weSend()).isEqualTo(weSend);
        assertThat(caller.onAnswer(sdp).theySend()).isEqualTo(theySend);
        assertThat(caller.onAnswer(sdp).isOnHold()).isEqualTo(!theirs.equals("sendrecv"));
        assertThat(negotiation().answer(sdp).sdp()).contains("a=" + ours + "\r\n");
    }

    @Test
    void anOfferIsAnsweredWithTheOfferersFirstOfOurCodecs() throws Exception {
        TrunkAnswer answer = negotiation().answer(SdpFixtures.read("trunk-plain"));
        assertThat(answer.format().codec()).isEqualTo(PCMA);
        assertThat(answer.sdp())
                .contains("m=audio 20000 RTP/AVP 8 101\r\n", "a=rtpmap:8 PCMA/8000\r\n")
                .doesNotContain("PCMU");
    }

    @Test
    void videoAndFaxBesideAudioAreRefusedInTheirPlaces() throws Exception {
        TrunkAnswer answer = negotiation().answer(SdpFixtures.read("trunk-audio-video-fax"));
        SessionDescription description = SessionDescription.parse(answer.sdp(), SdpLimits.defaults());
        assertThat(description.media())
                .extracting(MediaDescription::kind, MediaDescription::port)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("video", 0),
                        org.assertj.core.groups.Tuple.tuple("audio", 20_000),
                        org.assertj.core.groups.Tuple.tuple("image", 0));
        assertThat(answer.sdp())
                .contains("m=audio 20000 RTP/AVP 97 102\r\n", "a=rtpmap:97 PCMU/8000\r\n", "a=recvonly\r\n");
        assertThat(answer.format().payloadType()).isEqualTo(97);
        assertThat(answer.format().eventPayloadType()).hasValue(102);
    }

    @Test
    void afterSuchAnOfferOurOwnKeepsThePlaces() throws Exception {
        TrunkNegotiation negotiation = negotiation();
        negotiation.answer(SdpFixtures.read("trunk-audio-video-fax"));
        String offer = negotiation.offer();
        assertThat(SessionDescription.parse(offer, SdpLimits.defaults()).media())
                .extracting(MediaDescription::port)
                .containsExactly(0, 20_000, 0);
        assertThat(offer).contains("o=- 99 2 IN");
        assertThat(negotiation
                        .onAnswer(SdpFixtures.read("trunk-audio-video-fax"))
                        .payloadType())
                .isEqualTo(97);
    }

    @Test
    void g722AndOpusAreOfferedInOrderEachWithTheTelephoneEventOfItsClock() {
        assertThat(SdpFixtures.trunkNegotiation(G722, PCMA, OPUS).offer())
                .contains(
                        "m=audio 20000 RTP/AVP 9 8 111 101 102\r\n",
                        "a=rtpmap:9 G722/8000\r\n", // though it samples at 16 kHz (RFC 3551 §4.5.2)
                        "a=rtpmap:111 opus/48000/2\r\n",
                        "a=rtpmap:101 telephone-event/8000\r\n",
                        "a=rtpmap:102 telephone-event/48000\r\n");
        assertThat(SdpFixtures.trunkNegotiation(G722, PCMA).offer())
                .contains("m=audio 20000 RTP/AVP 9 8 101\r\n")
                .doesNotContain("48000");
    }

    @ParameterizedTest
    @CsvSource({
        "9 101, G722, 9, 101, 8000",
        "8 9 101, PCMA, 8, 101, 8000",
        "96 101 97, OPUS, 96, 97, 48000",
        "96 101, OPUS, 96, -1, 48000"
    })
    void whatTheTrunkAnswersFirstIsCarriedWithTheTelephoneEventThatFitsIt(
            String formats, AudioCodec codec, int payloadType, int eventPayloadType, int eventClockRate)
            throws Exception {
        String sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
                + "m=audio 4000 RTP/AVP " + formats + "\r\na=rtpmap:96 opus/48000/2\r\n"
                + "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:97 telephone-event/48000\r\n";
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(OPUS, G722, PCMA);
        negotiation.offer();
        for (TrunkFormat format : List.of(
                negotiation.onAnswer(sdp),
                SdpFixtures.trunkNegotiation(OPUS, G722, PCMA).answer(sdp).format())) {
            assertThat(format.codec()).isEqualTo(codec);
            assertThat(format.payloadType()).isEqualTo(payloadType);
            assertThat(format.eventPayloadType().orElse(-1)).isEqualTo(eventPayloadType);
            assertThat(format.eventClockRate()).isEqualTo(eventClockRate);
        }
    }

    @Test
    void onlyFaxIsRejectedAndTheOldAgreementHolds() throws Exception {
        TrunkNegotiation negotiation = negotiation();
        TrunkAnswer before = negotiation.answer(SdpFixtures.read("trunk-plain"));
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.answer(SdpFixtures.read("trunk-fax-only")));
        assertThat(negotiation.answer(SdpFixtures.read("trunk-plain"))).isEqualTo(before);
    }

    @Test
    void theOldWayOfHoldStopsOurSendingAndKeepsTheAddress() throws Exception {
        TrunkNegotiation negotiation = negotiation();
        negotiation.answer(SdpFixtures.read("trunk-plain"));
        TrunkAnswer hold = negotiation.answer(SdpFixtures.read("trunk-hold-old"));
        assertThat(hold.format().weSend()).isFalse();
        assertThat(hold.format().theySend()).isTrue();
        assertThat(hold.format().isOnHold()).isTrue();
        assertThat(hold.format().rtp()).isEqualTo(address("198.51.100.20", 16_566));
        assertThat(hold.sdp()).contains("o=- 99 2 IN", "a=recvonly\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "ptime:10, 10",
        "ptime:20, 20",
        "ptime:60, 60",
        "ptime:33, 20",
        "ptime:0, 20",
        "ptime:200, 20",
        "ptime:x, 20",
        "maxptime:10, 10",
        "maxptime:150, 20",
        "maxptime:5, 10"
    })
    void packetsAreAsLongAsTheOtherSideAsksIfThatCanBe(String attribute, int millis) throws Exception {
        String answer = SdpFixtures.read("trunk-no-rtpmap") + "a=" + attribute + "\r\n";
        assertThat(negotiation().answer(answer).format().ptimeMillis()).isEqualTo(millis);
    }

    private static TrunkFormat answered(String fixture) throws SdpRejectedException {
        TrunkNegotiation negotiation = negotiation();
        assertThat(negotiation.offer()).contains("m=audio");
        return negotiation.onAnswer(SdpFixtures.read(fixture));
    }

    private static TrunkNegotiation negotiation() {
        return SdpFixtures.trunkNegotiation(PCMU, PCMA);
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}

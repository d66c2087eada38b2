package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.G722;
import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.AllowedPeers;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TrunkNegotiationTest {

    /** Whatever was offered and agreed, what is said next is what would have been said. */
    @ParameterizedTest
    @EnumSource
    void anotherGoesOnWhereOneHasStopped(TrunkSrtp use) throws Exception {
        Random random = new Random(3264);
        TrunkParty party = new TrunkParty(InetAddress.ofLiteral("192.0.2.9"), 20_000, 20_001, List.of(PCMA, PCMU), 99);
        for (String fixture : SdpFixtures.OF_TRUNKS) {
            TrunkNegotiation one = new TrunkNegotiation(party, SdpLimits.defaults(), new Sdes(use, random::nextBytes));
            one.offer();
            try {
                one.answer(SdpFixtures.read(fixture));
            } catch (SdpRejectedException unfit) {
                assertThat(one.agreed()).isEmpty();
            }
            NegotiationState state = one.state();
            TrunkNegotiation other =
                    TrunkNegotiation.resume(state, party, SdpLimits.defaults(), use, random::nextBytes);
            assertThat(other.state()).as(fixture).isEqualTo(state);
            assertThat(other.agreed()).as(fixture).isEqualTo(one.agreed());
            assertThat(other.isHeldByTrunk()).as(fixture).isEqualTo(one.isHeldByTrunk());
            assertThat(other.offer()).as(fixture).isEqualTo(one.offer());
            if (one.agreed().isPresent()) {
                assertThat(other.offer(Direction.SENDONLY)).as(fixture).isEqualTo(one.offer(Direction.SENDONLY));
                assertThat(other.answer(SdpFixtures.read(fixture)))
                        .as("%s, offered again", fixture)
                        .isEqualTo(one.answer(SdpFixtures.read(fixture)));
                assertThat(other.state()).as(fixture).isEqualTo(one.state());
            }
            assertThat(state.toString()).doesNotContain("inline");
        }
    }

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
        TrunkParty party = new TrunkParty(InetAddress.ofLiteral("2001:db8::9"), 20_000, 20_001, List.of(PCMA), 99);
        TrunkNegotiation negotiation = new TrunkNegotiation(party, SdpLimits.defaults());
        assertThat(negotiation.offer()).contains("c=IN IP6 2001:db8:0:0:0:0:0:9");
        assertThat(negotiation.onAnswer(SdpFixtures.read("trunk-ip6")).rtp())
                .isEqualTo(address("2001:db8::20", 40_000));
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // as carriers write it                                                        | PT | event | ptime
                "m=audio 4000 RTP/AVP 0 8 18 101;a=rtpmap:101 telephone-event/8000;a=fmtp:101 0-16 | 0 | 101 | 20",
                "m=audio 4000 RTP/AVP 8 0 96;a=rtpmap:96 telephone-event/8000;a=fmtp:96 0-16;a=ptime:30 | 8 | 96 | 30",
                "m=audio 4000 RTP/AVP 18 127 0 127;a=rtpmap:127 TELEPHONE-EVENT/8000;a=ptime:40 | 0 | 127 | 40",
                "m=audio 4000 RTP/AVP 100 101;a=rtpmap:100 pcma/8000/1;a=rtpmap:101 telephone-event/8000 | 100 | 101 | 20",
                "m=audio 4000 RTP/AVP 8;a=ptime:60;a=maxptime:60 | 8 | | 60",
                "m=audio 4000 RTP/AVP 0;a=ptime:10 | 0 | | 10",
                "m=audio 4000 RTP/AVP 9 0 101;a=rtpmap:9 G722/8000;a=rtpmap:101 telephone-event/16000 | 0 | | 20",
                "m=audio 4000/1 RTP/AVP 0  8;a=rtpmap:0 PCMU/8000;a=silenceSupp:off - - - -;a=nortpproxy:yes | 0 | | 20",
                "m=audio 4000 RTP/AVP 0 13;b=TIAS:64000;i=telephone;a=rtpmap:13 CN/8000 | 0 | | 20",
            })
    void whatCarriersWriteIsUnderstoodInOffersAndAnswers(String lines, int type, Integer event, int ptime)
            throws Exception {
        String sdp = description("c=IN IP4 198.51.100.20", lines);
        TrunkFormat offered = negotiation().answer(sdp).format();
        TrunkNegotiation caller = negotiation();
        assertThat(caller.offer()).contains("m=audio");
        TrunkFormat answered = caller.onAnswer(sdp);
        for (TrunkFormat format : List.of(offered, answered)) {
            assertThat(format.payloadType()).isEqualTo(type);
            assertThat(format.eventPayloadType())
                    .isEqualTo(event == null ? OptionalInt.empty() : OptionalInt.of(event));
            assertThat(format.ptimeMillis()).isEqualTo(ptime);
            assertThat(format.rtp()).isEqualTo(address("198.51.100.20", 4_000));
        }
    }

    @Test
    void ofSeveralAudiosTheFirstThatCanBeCarriedIsTakenAndTheOthersAreRefused() throws Exception {
        TrunkAnswer answer = negotiation()
                .answer(description(
                        "c=IN IP4 198.51.100.20",
                        "m=audio 4000 RTP/SAVP 0;m=audio 0 RTP/AVP 0;m=audio 4004 RTP/AVP 18;m=audio 4006 RTP/AVP 8;"
                                + "m=audio 4008 RTP/AVP 0"));
        assertThat(answer.format().rtp().getPort()).isEqualTo(4_006);
        assertThat(SessionDescription.parse(answer.sdp(), SdpLimits.defaults()).media())
                .extracting(MediaDescription::port)
                .containsExactly(0, 0, 0, 20_000, 0);
    }

    @Test
    void anAddressOfTheMediumItselfCountsMoreThanTheSessions() throws Exception {
        assertThat(negotiation()
                        .answer(description("c=IN IP4 127.0.0.1", "m=audio 4000 RTP/AVP 0;c=IN IP4 198.51.100.20"))
                        .format()
                        .rtp())
                .isEqualTo(address("198.51.100.20", 4_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1          | 4000 | loopback",
                "127.8.9.1          | 4000 | loopback",
                "169.254.169.254    | 4000 | link-local",
                "0.1.2.3            | 4000 | one machine",
                "240.0.0.1          | 4000 | one machine",
                "255.255.255.254    | 4000 | one machine",
                "255.255.255.255    | 4000 | plain address",
                "224.0.0.1          | 4000 | plain address",
                "198.51.100.20      | 53   | port 53",
                "198.51.100.20      | 1023 | port 1023",
                "0x7f.0.0.1         | 4000 | plain address",
                "2130706433         | 4000 | plain address",
                "localhost          | 4000 | plain address",
            })
    void aPlaceThatIsNoTrunksIsRefusedWithItsReasonInOffersAndAnswers(String address, int port, String reason) {
        String sdp = description("c=IN IP4 " + address, "m=audio " + port + " RTP/AVP 0");
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation().answer(sdp))
                .withMessageContaining(reason);
        TrunkNegotiation caller = negotiation();
        assertThat(caller.offer()).contains("m=audio");
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> caller.onAnswer(sdp))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"::1, loopback", "fe80::1, link-local", "::ffff:127.0.0.1, plain address", "ff02::1, plain address"})
    void theSameHoldsForIp6(String address, String reason) {
        TrunkParty six = new TrunkParty(InetAddress.ofLiteral("2001:db8::9"), 20_000, 20_001, List.of(PCMU), 99);
        String sdp = description("c=IN IP6 " + address, "m=audio 4000 RTP/AVP 0");
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> new TrunkNegotiation(six, SdpLimits.defaults()).answer(sdp))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, , 127.0.0.1",
        "169.254.1.1, , 169.254.1.2",
        "192.0.2.9, 127.0.0.1, 127.0.0.1",
        "192.0.2.9, 169.254.3.3, 169.254.1.2"
    })
    void whereWeOrTheTrunkAreAtSuchAnAddressItMayBeNamed(String ours, String trunks, String named) throws Exception {
        AllowedPeers peers = new AllowedPeers(
                InetAddress.ofLiteral(ours), Optional.ofNullable(trunks).map(InetAddress::ofLiteral));
        TrunkParty party =
                new TrunkParty(InetAddress.ofLiteral("203.0.113.1"), 20_000, 20_001, List.of(PCMU), 99, peers);
        assertThat(new TrunkNegotiation(party, SdpLimits.defaults())
                        .answer(description("c=IN IP4 " + named, "m=audio 4000 RTP/AVP 0"))
                        .format()
                        .rtp())
                .isEqualTo(address(named, 4_000));
    }

    @ParameterizedTest
    @CsvSource({"a=rtcp:22", "a=rtcp:5004 IN IP4 127.0.0.1", "a=rtcp:5004 IN IP4 169.254.169.254", "a=rtcp:0"})
    void reportsThatWouldGoToSuchAPlaceGoToTheNextPort(String attribute) throws Exception {
        assertThat(negotiation()
                        .answer(description("c=IN IP4 198.51.100.20", "m=audio 4000 RTP/AVP 0;" + attribute))
                        .format()
                        .rtcp())
                .isEqualTo(address("198.51.100.20", 4_001));
    }

    /** A hold after a refused change must not point to where the refused change did. */
    @Test
    void whatIsRefusedChangesNothing() throws Exception {
        TrunkNegotiation negotiation = negotiation();
        TrunkAnswer before = negotiation.answer(SdpFixtures.read("trunk-plain"));
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.answer(description(
                        "c=IN IP4 127.0.0.1",
                        "m=audio 4000 RTP/AVP 0;m=video 4002 RTP/AVP 96;m=image 4004 udptl t38")));
        assertThat(negotiation.answer(SdpFixtures.read("trunk-plain"))).isEqualTo(before);
        assertThat(negotiation
                        .answer(SdpFixtures.read("trunk-hold-old"))
                        .format()
                        .rtp())
                .isEqualTo(before.format().rtp());
    }

    private static String description(String connection, String lines) {
        return "v=0\r\no=- 1 1 IN IP4 198.51.100.20\r\ns=-\r\n" + connection + "\r\nt=0 0\r\n"
                + lines.replace(";a=", "\r\na=")
                        .replace(";m=", "\r\nm=")
                        .replace(";c=", "\r\nc=")
                        .replace(";b=", "\r\nb=")
                        .replace(";i=", "\r\ni=")
                + "\r\n";
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

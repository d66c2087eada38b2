package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.G722;
import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.WebCodecs;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our offers to clients that are called, and what they answer. */
final class WebProposalTest {
    private final AtomicInteger made = new AtomicInteger();
    private final WebNegotiation negotiation = SdpFixtures.webNegotiation(OPUS, PCMU, PCMA);

    @Test
    void thisIsWhatWeOffer() {
        assertThat(offer())
                .isEqualTo(String.join(
                        "\r\n",
                        "v=0",
                        "o=- 4711 1 IN IP4 0.0.0.0",
                        "s=-",
                        "t=0 0",
                        "a=group:BUNDLE 0",
                        "a=ice-lite",
                        "m=audio 10000 UDP/TLS/RTP/SAVPF 63 111 0 8 110 126",
                        "c=IN IP4 192.0.2.1",
                        "a=mid:0",
                        "a=sendrecv",
                        "a=rtpmap:111 opus/48000/2",
                        "a=fmtp:111 minptime=10;useinbandfec=1;maxplaybackrate=8000;maxaveragebitrate=32000",
                        "a=rtpmap:0 PCMU/8000",
                        "a=rtpmap:8 PCMA/8000",
                        "a=rtpmap:63 red/48000/2",
                        "a=fmtp:63 111/111",
                        "a=rtpmap:110 telephone-event/48000",
                        "a=fmtp:110 0-15",
                        "a=rtpmap:126 telephone-event/8000",
                        "a=fmtp:126 0-15",
                        "a=ptime:20",
                        "a=rtcp-mux",
                        "a=msid:ringdown audio",
                        "a=ssrc:4275878552 cname:someone",
                        "a=setup:actpass",
                        "a=fingerprint:" + SdpFixtures.web(OPUS).fingerprint().text(),
                        "a=ice-ufrag:our1",
                        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host",
                        "a=candidate:2 1 udp 2130706175 2001:db8:0:0:0:0:0:1 10000 typ host",
                        "a=end-of-candidates",
                        ""));
    }

    @Test
    void whoHasNoOpusIsOfferedTheTelephoneEventOfTheOthersOnly() {
        assertThat(SdpFixtures.webNegotiation(PCMA, G722).offer(() -> SdpFixtures.ice("ours")))
                .contains("SAVPF 8 9 126\r\n")
                .containsOnlyOnce("telephone-event")
                .doesNotContain("red/");
    }

    @Test
    void chromiumsAnswerSettlesOpusWithCopiesAndEitherTelephoneEvent() throws Exception {
        String offer = offer();
        WebAnswer settled = taken(answer("active", "63 111 0 8 110 126"));
        assertThat(settled.sdp()).isEqualTo(offer);
        assertThat(settled.format().codec()).isEqualTo(OPUS);
        assertThat(settled.format().eventPayloadType()).hasValue(110);
        assertThat(settled.format().narrowEventPayloadType()).hasValue(126);
        assertThat(settled.format().redPayloadType()).hasValue(63);
        assertThat(settled.direction()).isEqualTo(Direction.SENDRECV);
        assertThat(settled.ours()).isEqualTo(SdpFixtures.ice("our1"));
        assertThat(settled.theirs()).isEqualTo(SdpFixtures.ice("their"));
        assertThat(settled.isDtlsClient()).isFalse();
        assertThat(settled.iceRestarted() && settled.dtlsRestarted()).isTrue();
    }

    @Test
    void aSubsetIsTakenAndItsFirstIsWhatComes() throws Exception {
        offer();
        WebFormat ofFirefox = taken(answer("active", "111 0 8 126")).format();
        assertThat(ofFirefox.eventPayloadType()).hasValue(126);
        assertThat(ofFirefox.eventClockRate()).isEqualTo(8_000);
        assertThat(ofFirefox.narrowEventPayloadType()).isEmpty();
        assertThat(ofFirefox.redPayloadType()).isEmpty();
        offer();
        WebFormat other = taken(answer("active", "8 111")).format();
        assertThat(other.codec()).isEqualTo(PCMA);
        assertThat(other.payloadType()).isEqualTo(8);
        assertThat(other.eventPayloadType()).isEmpty();
    }

    @Test
    void whereTheCodecMayChangeAllThatWereAnsweredMayCome() throws Exception {
        WebNegotiation changing = new WebNegotiation(
                SdpFixtures.changing(new WebCodecs(List.of(OPUS, G722, PCMU), 16_000, true)), SdpLimits.defaults());
        changing.offer(() -> SdpFixtures.ice("ours"));
        WebFormat format = changing.onAnswer(answer("active", "63 111 0 110 126"))
                .orElseThrow()
                .format();
        assertThat(format.alternatives()).extracting(WebFormat::codec).containsExactly(PCMU);
        assertThat(format.narrowEventPayloadType()).hasValue(126);
        assertThat(changing.answerWith(PCMU))
                .as("there is no offer of theirs to answer anew")
                .isEmpty();
    }

    @Test
    void whoAnswersPassiveWaitsForUsAndWeKeepThatRoleWhenItOffersAnew() throws Exception {
        offer();
        assertThat(taken(answer("passive", "111 110")).isDtlsClient()).isTrue();
        String again = answer("actpass", "111 110").replace("a=sendrecv", "a=sendonly");
        WebAnswer held = negotiation.answer(again, SdpFixtures.ice("fresh"));
        assertThat(held.sdp()).contains("a=setup:active\r\n", "a=ice-ufrag:our1\r\n", "a=recvonly\r\n", "o=- 4711 2 ");
        assertThat(held.isDtlsClient()).isTrue();
        assertThat(held.iceRestarted() || held.dtlsRestarted()).isFalse();
        String anew = again.replace("o=- 77 ", "o=- 78 ");
        WebAnswer other = negotiation.answer(anew, SdpFixtures.ice("fresh"));
        assertThat(other.sdp()).contains("a=setup:passive\r\n", "a=ice-ufrag:fresh\r\n");
        assertThat(other.isDtlsClient()).isFalse();
    }

    @Test
    void theOfferIsTheSameUntilItIsAnsweredAndAnotherOneAfterwards() throws Exception {
        String first = offer();
        negotiation.answer(SdpFixtures.read("chromium-156-audio"), SdpFixtures.ice("page"));
        assertThat(offer()).isEqualTo(first);
        taken(answer("active", "111 110"));
        String second = offer();
        assertThat(second).contains("a=ice-ufrag:our2", "o=- 4711 3 ");
        negotiation.forget();
        assertThat(offer()).as("what is open stays open").isEqualTo(second);
        assertThat(taken(answer("active", "0")).sdp()).isEqualTo(second);
    }

    @Test
    void ofSeveralClientsOneTakesItAndWhatItSaysTwiceCountsOnce() throws Exception {
        offer();
        String answer = answer("active", "111 110");
        taken(answer);
        assertThat(negotiation.onAnswer(answer)).isEmpty();
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.onAnswer(answer.replace("o=- 77 ", "o=- 78 ")))
                .withMessageContaining("no offer of ours is open");
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> SdpFixtures.webNegotiation(OPUS).onAnswer(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m=audio 9 |m=audio 0 ",
                "m=audio 9 |m=video 9 ",
                "SAVPF 111 110|SAVPF 96 110",
                "a=rtpmap:111 opus|a=rtpmap:111 speex",
                "a=rtcp-mux|a=rtcp-rsize",
                "a=setup:active|a=setup:actpass",
                "a=setup:active|a=setup:holdconn",
                "a=fingerprint:sha-256|a=fingerprint:sha-1",
                "a=ice-ufrag:their|a=ice-ufrag:t",
                "s=-|s=-\r\na=ice-lite",
                "a=rtcp-mux|a=rtcp-mux\r\nm=video 0 UDP/TLS/RTP/SAVPF 96",
            })
    void whatIsNoAnswerToItIsRejectedAndTheOfferStaysOpen(String change) throws Exception {
        String offer = offer();
        String good = answer("active", "111 110");
        String[] words = change.split("\\|", 2);
        assertThatExceptionOfType(SdpRejectedException.class)
                .isThrownBy(() -> negotiation.onAnswer(good.replace(words[0], words[1])));
        assertThat(offer()).isEqualTo(offer);
        taken(good);
    }

    @Test
    void anyDamageIsRejectedOrTakenButNothingElse() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        String good = answer("active", "63 111 0 8 110 126");
        for (int i = 0; i < 5_000; i++) {
            offer();
            StringBuilder damaged = new StringBuilder(good);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                damaged.setCharAt(random.nextInt(good.length()), (char) random.nextInt(10, 127));
            }
            try {
                negotiation
                        .onAnswer(damaged.toString())
                        .ifPresent(settled -> assertThat(settled.format().payloadType())
                                .as("-Dseed=%d step".formatted(seed))
                                .isIn(111, 0, 8));
            } catch (SdpRejectedException e) {
                assertThat(e).hasMessageMatching("[ -~§…]+");
            }
        }
    }

    private String offer() {
        return negotiation.offer(() -> SdpFixtures.ice("our" + made.incrementAndGet()));
    }

    private WebAnswer taken(String answer) throws SdpRejectedException {
        return negotiation.onAnswer(answer).orElseThrow();
    }

    private static String answer(String setup, String formats) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 77 2 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "m=audio 9 UDP/TLS/RTP/SAVPF " + formats,
                "c=IN IP4 0.0.0.0",
                "a=ice-ufrag:their",
                "a=ice-pwd:abcdefghijklmnopqrstuvwx",
                "a=fingerprint:" + SdpFixtures.web(OPUS).fingerprint().text(),
                "a=setup:" + setup,
                "a=mid:0",
                "a=sendrecv",
                "a=rtcp-mux",
                "a=rtpmap:111 opus/48000/2",
                "a=rtpmap:63 red/48000/2",
                "a=fmtp:63 111/111",
                "a=rtpmap:110 telephone-event/48000",
                "a=rtpmap:126 telephone-event/8000",
                "");
    }
}

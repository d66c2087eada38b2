package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ringdown.media.SdpRejectedException;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Hold by either side and by both, begun and ended in any order (RFC 3264 §8.4, RFC 6337 §5.3). */
final class HoldNegotiationTest {
    private static final Pattern DIRECTION = Pattern.compile("a=(sendrecv|sendonly|recvonly|inactive)\r\n");
    private static final Pattern VERSION = Pattern.compile("o=- 99 (\\d+) IN");
    private static final List<Direction> ANY = List.of(Direction.values());

    @Test
    void aHoldChangesNothingButTheDirection() throws Exception {
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        negotiation.offer();
        TrunkFormat talking = negotiation.onAnswer(description(1, Direction.SENDRECV));
        assertThat(negotiation.offer(Direction.SENDONLY))
                .isEqualTo(String.join(
                        "\r\n",
                        "v=0",
                        "o=- 99 2 IN IP4 192.0.2.9",
                        "s=-",
                        "c=IN IP4 192.0.2.9",
                        "t=0 0",
                        "m=audio 20000 RTP/AVP 0 101",
                        "a=rtpmap:0 PCMU/8000",
                        "a=rtpmap:101 telephone-event/8000",
                        "a=fmtp:101 0-15",
                        "a=ptime:20",
                        "a=sendonly",
                        ""));
        TrunkFormat held = negotiation.onAnswer(description(2, Direction.RECVONLY), Direction.SENDONLY);
        assertThat(held.weSend()).isTrue();
        assertThat(held.theySend()).isFalse();
        assertThat(held.isOnHold()).isTrue();
        negotiation.offer(Direction.SENDRECV);
        assertThat(negotiation.onAnswer(description(3, Direction.SENDRECV), Direction.SENDRECV))
                .isEqualTo(talking);
    }

    @Test
    void aTrunkThatOffersInItsOwnNumbersFindsThemAgainInOurHold() throws Exception {
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        negotiation.answer(description(1, Direction.SENDRECV).replace("101", "97"));
        String hold = negotiation.offer(Direction.INACTIVE);
        assertThat(hold).contains("RTP/AVP 0 97\r\n", "a=rtpmap:97 telephone-event/8000\r\n");
        TrunkFormat held =
                negotiation.onAnswer(description(2, Direction.INACTIVE).replace("101", "97"), Direction.INACTIVE);
        assertThat(held.theirEventPayloadType()).hasValue(97);
    }

    @Test
    void anOfferThatTheTrunkAsksForMeanwhileGoesOnToHold() throws Exception {
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        negotiation.answer(description(1, Direction.SENDRECV));
        negotiation.offer(Direction.SENDONLY);
        negotiation.onAnswer(description(2, Direction.RECVONLY), Direction.SENDONLY);
        assertThat(direction(negotiation.offer())).isEqualTo(Direction.SENDONLY);
    }

    @Test
    void anAnswerToWhatARefreshSaysAgainMovesTheMediaAndGoesOnToHold() throws Exception {
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        negotiation.offer();
        negotiation.onAnswer(description(1, Direction.SENDRECV));
        TrunkFormat moved = negotiation.onAnswerAgain(moved(description(2, Direction.SENDRECV)));
        assertThat(moved.rtp().getPort()).isEqualTo(16570);
        assertThat(moved.weSend() && moved.theySend()).isTrue();
        assertThat(moved.theirEventPayloadType()).hasValue(101);
        negotiation.offer(Direction.SENDONLY);
        negotiation.onAnswer(description(3, Direction.RECVONLY), Direction.SENDONLY);
        TrunkFormat held = negotiation.onAnswerAgain(moved(description(4, Direction.RECVONLY)));
        assertThat(held.rtp().getPort()).isEqualTo(16570);
        assertThat(held.weSend()).isTrue();
        assertThat(held.theySend()).isFalse();
        TrunkFormat beyond = negotiation.onAnswerAgain(description(5, Direction.SENDRECV));
        assertThat(beyond.theySend()).as("more than we had said").isFalse();
        assertThat(direction(negotiation.offer())).isEqualTo(Direction.SENDONLY);
    }

    @Test
    void anAnswerToOurOwnAnswerSaidAgainHasTheNumbersOfTheTrunk() throws Exception {
        TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        negotiation.answer(description(1, Direction.SENDRECV).replace("101", "97"));
        TrunkFormat moved = negotiation.onAnswerAgain(
                moved(description(2, Direction.SENDRECV).replace("101", "97")));
        assertThat(moved.rtp().getPort()).isEqualTo(16570);
        assertThat(moved.theirEventPayloadType()).hasValue(97);
    }

    private static String moved(String description) {
        return description.replace("m=audio 16566", "m=audio 16570");
    }

    @Test
    void nobodyIsHeldBeforeAnythingWasAgreed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SdpFixtures.trunkNegotiation(PCMA).offer(Direction.SENDONLY));
    }

    @Test
    void bothSidesHoldAndResumeInAnyOrderAndEachKnowsOfTheOther() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (long each = seed; each < seed + 300; each++) {
            new Story(new Random(each), "-Dseed=" + each).live();
        }
    }

    /** One dialog, and what both sides want by now. */
    private static final class Story {
        private final Random random;
        private final String which;
        private final TrunkNegotiation negotiation = SdpFixtures.trunkNegotiation(PCMA, PCMU);
        private Direction ours = Direction.SENDRECV;
        private Direction theirs = Direction.SENDRECV;
        private boolean heldByTrunk;
        private int trunksVersion;
        private long version;

        Story(Random random, String which) {
            this.random = random;
            this.which = which;
        }

        void live() throws SdpRejectedException {
            negotiation.offer();
            version = 1;
            negotiation.onAnswer(description(++trunksVersion, Direction.SENDRECV));
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> trunkOffers();
                    case 1 -> weOffer(random.nextBoolean() ? Direction.SENDONLY : Direction.INACTIVE, true);
                    case 2 -> weOffer(Direction.SENDRECV, true);
                    default -> weOffer(ANY.get(random.nextInt(4)), false);
                }
            }
        }

        private void trunkOffers() throws SdpRejectedException {
            theirs = ANY.get(random.nextInt(4));
            TrunkAnswer answer = negotiation.answer(description(++trunksVersion, theirs));
            heldByTrunk = !theirs.receives();
            agreed(answer.format(), direction(answer.sdp()));
            noteVersion(answer.sdp());
        }

        /** Ours, and what the trunk makes of it; it may refuse, and then everything is as it was. */
        private void weOffer(Direction wish, boolean isAnswered) throws SdpRejectedException {
            String offer = negotiation.offer(wish);
            assertThat(direction(offer)).as(which).isEqualTo(wish);
            noteVersion(offer);
            if (!isAnswered) {
                return;
            }
            ours = wish;
            Direction said = Direction.of(theirs.sends() && ours.receives(), theirs.receives() && ours.sends());
            TrunkFormat format = negotiation.onAnswer(description(++trunksVersion, said), ours);
            heldByTrunk = ours.sends() ? !said.receives() : heldByTrunk;
            theirs = ours == Direction.SENDRECV ? said : theirs;
            agreed(format, Direction.of(format.weSend(), format.theySend()));
        }

        private void agreed(TrunkFormat format, Direction said) {
            assertThat(said)
                    .as("%s: we %s, they %s", which, ours, theirs)
                    .isEqualTo(Direction.of(ours.sends() && theirs.receives(), ours.receives() && theirs.sends()));
            assertThat(format.weSend()).as(which).isEqualTo(said.sends());
            assertThat(format.theySend()).as(which).isEqualTo(said.receives());
            assertThat(negotiation.isHeldByTrunk()).as(which).isEqualTo(heldByTrunk);
        }

        private void noteVersion(String sdp) {
            Matcher found = VERSION.matcher(sdp);
            assertThat(found.find()).isTrue();
            long next = Long.parseLong(found.group(1));
            assertThat(next).as("%s: the version rises by one, or not", which).isBetween(version, version + 1);
            version = next;
        }
    }

    private static Direction direction(String sdp) {
        Matcher found = DIRECTION.matcher(sdp);
        assertThat(found.find()).as(sdp).isTrue();
        return Direction.of(found.group(1)).orElseThrow();
    }

    private static String description(int version, Direction direction) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 7 " + version + " IN IP4 198.51.100.20",
                "s=-",
                "c=IN IP4 198.51.100.20",
                "t=0 0",
                "m=audio 16566 RTP/AVP 0 101",
                "a=rtpmap:0 PCMU/8000",
                "a=rtpmap:101 telephone-event/8000",
                "a=" + direction.attribute(),
                "");
    }
}

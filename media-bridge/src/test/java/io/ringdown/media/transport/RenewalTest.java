package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.transport.Renewal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages that come anew, in any order of what becomes of each. */
class RenewalTest {
    private final Renewal<String> peers = new Renewal<>();

    @Test
    void theOldServesUntilTheNewHasKeys() {
        connected("old");
        peers.onOffered("new");
        assertThat(peers.serving()).isEqualTo("old");
        assertThat(peers.onKeys("new")).isEqualTo("old");
        assertThat(peers.serving()).isEqualTo("new");
        assertThat(peers.coming()).isNull();
    }

    @Test
    void ofTwoOffersInQuickSuccessionOnlyTheSecondCanCome() {
        connected("old");
        peers.onOffered("first");
        assertThat(peers.onOffered("second")).isEqualTo("first");
        assertThat(peers.onKeys("first")).isNull();
        assertThat(peers.serving()).isEqualTo("old");
        assertThat(peers.onFailure("first")).isEqualTo(Failure.BORNE);
        assertThat(peers.onKeys("second")).isEqualTo("old");
    }

    @Test
    void aNewOneThatComesToNothingIsBorneWhileTheOldOneWorks() {
        connected("old");
        peers.onOffered("new");
        assertThat(peers.onFailure("new")).isEqualTo(Failure.BORNE);
        assertThat(peers.newest()).isEqualTo("old");
        assertThat(peers.onClosed("old")).as("there is no other").isTrue();
    }

    @Test
    void aNewOneThatComesToNothingIsTheEndWhereTheOldPageHasGone() {
        connected("old");
        peers.onOffered("new");
        assertThat(peers.onClosed("old")).as("its page was reloaded").isFalse();
        assertThat(peers.judged()).isEqualTo("new");
        assertThat(peers.onFailure("new")).isEqualTo(Failure.FINAL);
    }

    @Test
    void thereIsNothingToBearInTheFirst() {
        peers.onOffered("first");
        assertThat(peers.judged()).isEqualTo("first");
        assertThat(peers.onFailure("first")).isEqualTo(Failure.FINAL);
    }

    @Test
    void whateverHappensTheLastThatHadKeysServesAndNoneComesBack() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Renewal<Integer> any = new Renewal<>();
            List<Integer> offered = new ArrayList<>();
            int newest = -1;
            Integer lastWithKeys = null;
            boolean isNewestOpen = false;
            for (int step = 0; step < 12; step++) {
                int one = offered.isEmpty() ? 0 : random.nextInt(offered.size());
                switch (offered.isEmpty() ? 0 : random.nextInt(4)) {
                    case 0 -> {
                        newest = offered.size();
                        offered.add(newest);
                        Integer replaced = any.onOffered(newest);
                        assertThat(replaced == null || !replaced.equals(any.serving()))
                                .as("-Dseed=%d", seed)
                                .isTrue();
                        isNewestOpen = true;
                    }
                    case 1 -> {
                        any.onKeys(one);
                        if (one == newest && isNewestOpen) {
                            lastWithKeys = one;
                            isNewestOpen = false;
                        }
                    }
                    case 2 -> {
                        if (any.onFailure(one) == Failure.BORNE && one == newest) {
                            isNewestOpen = false;
                        }
                    }
                    default -> any.onClosed(one);
                }
                assertThat(any.serving()).as("-Dseed=%d", seed).isEqualTo(lastWithKeys);
                assertThat(any.coming() != null).as("-Dseed=%d", seed).isEqualTo(isNewestOpen);
            }
        }
    }

    private void connected(String peer) {
        peers.onOffered(peer);
        peers.onKeys(peer);
    }
}

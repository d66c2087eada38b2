package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.WebFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Carriers end calls whose RTP stops: to the trunk it never does, whatever the browser does (PEERS 26). */
final class NoTrunkIsLeftInSilenceTest {
    private static final int CALLS = 60;
    private static final int SECONDS = 40;
    private static final long LONGEST_GAP = 140 * Call.MILLI; // the forwarding law's longest wait, and a packet
    private static final List<AudioCodec> TRUNKS = List.of(AudioCodec.PCMU, AudioCodec.PCMA, AudioCodec.G722);

    /** What a browser may do for a while. */
    private enum Browser {
        TALKS,
        IS_AWAY,
        IS_MUTED,
        LOSES_HALF
    }

    @Test
    void packetsGoOnWhateverTheBrowserDoes() {
        for (long seed = 0; seed < CALLS; seed++) {
            anyCall(seed);
        }
    }

    private static void anyCall(long seed) {
        Random random = new Random(seed);
        int ptime = 10 * (1 + random.nextInt(3));
        AudioCodec codec = TRUNKS.get(random.nextInt(TRUNKS.size()));
        WebFormat web = random.nextBoolean() ? Call.OPUS : Call.WEB_PCMU;
        Call call = new Call();
        call.bridge.trunk(Call.trunk(codec, ptime), 0);
        boolean isOpen = false;
        Browser doing = Browser.IS_AWAY;
        for (int frame = 0; frame < 50 * SECONDS; frame++) {
            call.runTo(frame * (20 * Call.MILLI));
            if (frame % 50 == 0) {
                doing = Browser.values()[random.nextInt(Browser.values().length)];
                call.bridge.muteWeb(doing == Browser.IS_MUTED);
            }
            boolean arrives = doing != Browser.IS_AWAY && (doing != Browser.LOSES_HALF || random.nextBoolean());
            if (arrives && !isOpen) {
                call.bridge.web(web, call.now);
                isOpen = true;
            }
            if (arrives && web.codec() == AudioCodec.OPUS) {
                call.fromWeb(false, 111, frame, 960 * frame, (byte) 0x08);
            } else if (arrives) {
                call.fromWeb(false, 0, frame, 160 * frame, Call.sound(160, 0x55));
            }
        }
        String where = "seed " + seed + ", " + web.codec() + " to " + codec + " of " + ptime + " ms";
        for (int i = 1; i < call.toTrunk.size(); i++) {
            long gap = call.toTrunk.get(i).nanos() - call.toTrunk.get(i - 1).nanos();
            assertThat(gap).as("%s, packet %d", where, i).isLessThanOrEqualTo(LONGEST_GAP);
        }
        assertThat(call.toTrunk.getLast().nanos()).as(where).isGreaterThan(call.now - LONGEST_GAP);
        assertThat((double) call.toTrunk.size() * ptime / 1_000).as(where).isBetween(0.98 * SECONDS, 1.02 * SECONDS);
    }
}

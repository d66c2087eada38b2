package io.ringdown.bench.detector;

import io.ringdown.bench.detector.Condition.DialTone;
import io.ringdown.bench.detector.Condition.FrameLost;
import io.ringdown.bench.detector.Condition.Interrupted;
import io.ringdown.bench.detector.Condition.Noisy;
import io.ringdown.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the table: ITU-T Q.24's requirements and what lies around them. The usual press is 60 ms, −10 dBm0, twist +2 dB, µ-law.
 */
final class Conditions {
    private Conditions() {}

    /** Presses that are to be heard, up to where that ends. */
    static List<Condition> heard() {
        List<Condition> all = new ArrayList<>();
        for (AudioCodec law : List.of(AudioCodec.PCMU, AudioCodec.PCMA)) {
            for (double dbm0 : new double[] {0, -3, -10, -20, -30, -36, -38, -40}) {
                all.add(Condition.usual("%.0f dBm0, no twist, %s".formatted(dbm0, law))
                        .at(dbm0)
                        .twisted(0)
                        .by(law));
            }
        }
        for (double twist : new double[] {4, 5, 6, 8, -4, -8, -9, -11}) {
            all.add(Condition.usual("twist %+.0f dB".formatted(twist)).twisted(twist));
        }
        for (double percent : new double[] {1, 1.5, 1.8, 2, 2.4}) {
            all.add(Condition.usual("both tones ±%.1f %%".formatted(percent)).off(percent, percent));
        }
        all.add(Condition.usual("40 ms, both ±1.8 %, twist −8 dB, −28 dBm0")
                .lasting(40, 40)
                .off(1.8, 1.8)
                .twisted(-8)
                .at(-28));
        all.add(Condition.usual("40 ms, both ±1.5 %, twist +4 dB, −28 dBm0")
                .lasting(40, 40)
                .off(1.5, 1.5)
                .twisted(4)
                .at(-28));
        for (double millis : new double[] {33, 36, 40, 50, 65, 100, 500}) {
            all.add(Condition.usual("%.0f ms, pauses from 40 ms".formatted(millis))
                    .lasting(millis, 40));
        }
        for (double pause : new double[] {25, 30, 35}) {
            all.add(Condition.usual("60 ms, pauses from %.0f ms".formatted(pause))
                    .lasting(60, pause));
        }
        for (double snr : new double[] {20, 15, 12, 9, 6, 3}) {
            all.add(Condition.usual("white noise, SNR %.0f dB".formatted(snr)).with(new Noisy(snr, false)));
        }
        for (double snr : new double[] {20, 15, 12, 9, 6, 3}) {
            all.add(Condition.usual("noise like speech, SNR %.0f dB".formatted(snr))
                    .with(new Noisy(snr, true)));
        }
        all.add(Condition.usual("40 ms, white noise, SNR 15 dB").lasting(40, 40).with(new Noisy(15, false)));
        for (double dbm0 : new double[] {-20, -15, -10}) {
            all.add(Condition.usual("dial tone 350 + 440 Hz, each %.0f dBm0".formatted(dbm0))
                    .with(new DialTone(dbm0)));
        }
        all.add(Condition.usual("60 ms, interrupted for 5 ms").with(new Interrupted(5)));
        all.add(Condition.usual("60 ms, interrupted for 10 ms").with(new Interrupted(10)));
        for (double millis : new double[] {60, 80, 100}) {
            all.add(Condition.usual("%.0f ms, a frame lost: silence".formatted(millis))
                    .lasting(millis, 60)
                    .with(new FrameLost(false)));
            all.add(Condition.usual("%.0f ms, a frame lost: repeated".formatted(millis))
                    .lasting(millis, 60)
                    .with(new FrameLost(true)));
        }
        return all;
    }

    /** Presses that are none: each one heard is wrong. */
    static List<Condition> refused() {
        List<Condition> all = new ArrayList<>();
        for (double percent : new double[] {3, 3.5, 4, 5}) {
            all.add(Condition.usual("low tone ±%.1f %%".formatted(percent)).off(percent, 0));
            all.add(Condition.usual("high tone ±%.1f %%".formatted(percent)).off(0, percent));
            all.add(Condition.usual("both tones ±%.1f %%".formatted(percent)).off(percent, percent));
        }
        all.add(Condition.usual("both ±3.5 %, 500 ms, white noise, SNR 15 dB")
                .off(3.5, 3.5)
                .lasting(500, 60)
                .with(new Noisy(15, false)));
        for (double millis : new double[] {10, 20, 23, 24}) {
            all.add(Condition.usual("%.0f ms".formatted(millis)).lasting(millis, 60));
        }
        all.add(Condition.usual("both tones −55 dBm0").at(-55).twisted(0));
        all.add(Condition.usual("the low tone only").twisted(-90));
        all.add(Condition.usual("the high tone only").twisted(90));
        return all;
    }
}

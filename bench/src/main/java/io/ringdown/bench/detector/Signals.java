package io.ringdown.bench.detector;

import java.util.Random;

/** What else is heard on telephone lines: a minute each, some by chance from a seed. */
enum Signals {
    DIAL_TONE("dial tone, 350 + 440 Hz") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 60, 0, -13, 350, 440);
        }
    },
    DIAL_TONE_425("dial tone, 425 Hz") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 60, 0, -10, 425);
        }
    },
    RINGBACK("ringback, 440 + 480 Hz, 2 s on, 4 s off") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 2, 4, -19, 440, 480);
        }
    },
    RINGBACK_425("ringback, 425 Hz, 1 s on, 4 s off") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 1, 4, -10, 425);
        }
    },
    BUSY("busy, 480 + 620 Hz, 0.5 s on and off") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 0.5, 0.5, -24, 480, 620);
        }
    },
    CONGESTION("congestion, 480 + 620 Hz, 0.25 s on and off") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 0.25, 0.25, -24, 480, 620);
        }
    },
    SPECIAL_INFORMATION("special information tone, 950, 1400, 1800 Hz (E.180)") {
        @Override
        void write(double[] sound, Random random) {
            for (int at = 0; at < sound.length; at += 2 * Sounds.RATE) {
                for (int i = 0; i < 3; i++) {
                    double hertz = new double[] {950, 1_400, 1_800}[i];
                    Sounds.addTone(sound, at + i * Sounds.samples(330), Sounds.samples(330), hertz, -14, 0);
                }
            }
        }
    },
    FAX_CALLING("fax CNG, 1100 Hz, 0.5 s on, 3 s off (T.30)") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 0.5, 3, -10, 1_100);
        }
    },
    FAX_ANSWERING("fax CED, 2100 Hz (T.30)") {
        @Override
        void write(double[] sound, Random random) {
            cadence(sound, 3, 1, -10, 2_100);
        }
    },
    MODEM_300("modem V.21, both channels at once, random bits") {
        @Override
        void write(double[] sound, Random random) {
            shifted(sound, 980, 1_180, 300, random);
            shifted(sound, 1_650, 1_850, 300, random);
        }
    },
    MODEM_BELL("modem Bell 103, both channels at once, random bits") {
        @Override
        void write(double[] sound, Random random) {
            shifted(sound, 1_070, 1_270, 300, random);
            shifted(sound, 2_025, 2_225, 300, random);
        }
    },
    CALLER_ID("caller id, V.23, 1300 and 2100 Hz, 1200 bit/s") {
        @Override
        void write(double[] sound, Random random) {
            shifted(sound, 1_300, 2_100, 1_200, random);
        }
    },
    WHITE("white noise") {
        @Override
        void write(double[] sound, Random random) {
            Sounds.addWhite(sound, -15, random);
        }
    },
    SWEEPS("two sines that sweep, 300 to 3400 Hz in 1 to 4 s") {
        @Override
        void write(double[] sound, Random random) {
            sweep(sound, random);
            sweep(sound, random);
        }
    },
    BUZZ("a monotone buzz, all harmonics, its pitch sweeping from 60 to 500 Hz") {
        @Override
        void write(double[] sound, Random random) {
            double phase = 0;
            for (int i = 0; i < sound.length; i++) {
                double pitch = 60 + 440.0 * i / sound.length;
                phase += 2 * Math.PI * pitch / Sounds.RATE;
                for (int harmonic = 1; harmonic * pitch < 3_400; harmonic++) {
                    sound[i] += Sounds.peak(-22) * Math.sin(harmonic * phase) / Math.sqrt(harmonic);
                }
            }
        }
    },
    MUSIC("music: chords of one to four notes with harmonics, equal temperament") {
        @Override
        void write(double[] sound, Random random) {
            for (int at = 0; at < sound.length; ) {
                int samples = Sounds.samples(120 + random.nextInt(700));
                for (int notes = 1 + random.nextInt(4); notes > 0; notes--) {
                    note(sound, at, samples, 220 * Math.pow(2, random.nextInt(37) / 12.0), random);
                }
                at += samples;
            }
        }
    },
    DYADS("pure tones by twos, equal temperament, half a second each") {
        @Override
        void write(double[] sound, Random random) {
            for (int at = 0; at < sound.length; at += Sounds.RATE / 2) {
                for (int i = 0; i < 2; i++) {
                    double hertz = 220 * Math.pow(2, random.nextInt(44) / 12.0);
                    Sounds.addTone(sound, at, Sounds.RATE / 2, hertz, -12, random.nextDouble() * 6);
                }
            }
        }
    };

    static final int SECONDS = 60;

    private final String what;

    Signals(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }

    abstract void write(double[] sound, Random random);

    double[] sound(long seed) {
        double[] sound = new double[SECONDS * Sounds.RATE];
        write(sound, new Random(seed + name().hashCode()));
        return sound;
    }

    private static void cadence(double[] sound, double on, double off, double dbm0, double... hertz) {
        for (double at = 0; at < SECONDS; at += on + off) {
            for (double each : hertz) {
                Sounds.addTone(sound, Sounds.samples(at * 1_000), Sounds.samples(on * 1_000), each, dbm0, 0);
            }
        }
    }

    private static void shifted(double[] sound, double one, double zero, int bitsPerSecond, Random random) {
        double phase = 0;
        double bit = 0;
        double hertz = one;
        for (int i = 0; i < sound.length; i++) {
            bit -= bitsPerSecond;
            if (bit < 0) {
                bit += Sounds.RATE;
                hertz = random.nextBoolean() ? one : zero;
            }
            phase += 2 * Math.PI * hertz / Sounds.RATE;
            sound[i] += Sounds.peak(-15) * Math.sin(phase);
        }
    }

    private static void sweep(double[] sound, Random random) {
        double phase = 0;
        for (int at = 0; at < sound.length; ) {
            int samples = Sounds.samples(1_000 + random.nextInt(3_000));
            double from = 300 + random.nextDouble() * 3_100;
            double to = 300 + random.nextDouble() * 3_100;
            for (int i = 0; i < samples && at + i < sound.length; i++) {
                phase += 2 * Math.PI * (from + (to - from) * i / samples) / Sounds.RATE;
                sound[at + i] += Sounds.peak(-12) * Math.sin(phase);
            }
            at += samples;
        }
    }

    private static void note(double[] sound, int at, int samples, double hertz, Random random) {
        double phase = random.nextDouble() * 6;
        double softness = 0.5 + random.nextDouble() * 2;
        for (int harmonic = 1; harmonic * hertz < 3_400; harmonic++) {
            double peak = Sounds.peak(-16) / Math.pow(harmonic, softness);
            for (int i = 0; i < samples && at + i < sound.length; i++) {
                double decay = Math.exp(-3.0 * i / Sounds.RATE);
                sound[at + i] += peak * decay * Math.sin(phase + 2 * Math.PI * harmonic * hertz * i / Sounds.RATE);
            }
        }
    }
}

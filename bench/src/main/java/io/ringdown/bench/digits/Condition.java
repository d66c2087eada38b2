package io.ringdown.bench.digits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What the line before the gateway does to packets, audio and presses alike, each by chance. */
enum Condition {
    CLEAN("clean", 0, 0, 0, 0),
    LOSS_1("1 % lost", 1, 0, 0, 0),
    LOSS_5("5 % lost", 5, 0, 0, 0),
    LOSS_20("20 % lost", 20, 0, 0, 0),
    REORDERED_2("2 % late by up to 30 ms", 0, 2, 30, 0),
    REORDERED_10("10 % late by up to 60 ms", 0, 10, 60, 0),
    DOUBLED_5("5 % doubled", 0, 0, 30, 5);

    private static final double PER_CENT = 100;

    final String label;
    private final double lost;
    private final double late;
    private final long latestNanos;
    private final double doubled;

    Condition(String label, int lostPercent, int latePercent, int latestMillis, int doubledPercent) {
        this.label = label;
        this.lost = lostPercent / PER_CENT;
        this.late = latePercent / PER_CENT;
        this.latestNanos = latestMillis * 1_000_000L;
        this.doubled = doubledPercent / PER_CENT;
    }

    /** What arrives, in order of arrival. A late packet is overtaken by those behind it; a copy comes as late as one. */
    List<Packet> impair(List<Packet> sent, Random random) {
        List<Packet> arrived = new ArrayList<>();
        for (Packet packet : sent) {
            if (random.nextDouble() < lost) {
                continue;
            }
            arrived.add(random.nextDouble() < late ? later(packet, random) : packet);
            if (random.nextDouble() < doubled) {
                arrived.add(later(packet, random));
            }
        }
        arrived.sort(Comparator.comparingLong(Packet::nanos));
        return arrived;
    }

    private Packet later(Packet packet, Random random) {
        return packet.at(packet.nanos() + random.nextLong(latestNanos));
    }
}

package io.ringdown.bench.digits;

import java.io.IOException;
import java.util.List;

/** Something that takes presses on one leg and sends them on over another. */
sealed interface Gateway permits Ringdown, Rtpengine {
    /** What it is called in the table. */
    String name();

    /** Carries each stream, a call of its own, to the end with the same number; the packets are in order of arrival. */
    void carry(Road road, List<List<Packet>> streams, List<FarEnd> ends) throws IOException, InterruptedException;
}

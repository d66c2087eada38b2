package io.ringdown.bench.digits;

import java.util.List;

/** How a sender writes its presses. */
enum Form {
    /** Browsers: whole packets, a marker on the first, three ends back to back. Beyond 16 bits Chromium's segments. */
    BROWSER("browsers", 20, 0.2, true, true),
    /** RFC 4733 §2.5.1: to the tick, the end said again a packet time later. */
    CARRIER("carriers", 20, 20, true, false),
    /** An update every 50 ms, as RFC 4733 §2.5.1.2 proposes where packets are few. */
    SPARSE("updates 50 ms apart", 50, 20, true, false),
    /** Without a marker. */
    UNMARKED("no marker", 20, 0.2, false, false);

    final String label;
    final int updateMillis;
    final double endsApartMillis;
    final boolean hasMarker;
    private final boolean isWhole;

    Form(String label, int updateMillis, double endsApartMillis, boolean hasMarker, boolean isWhole) {
        this.label = label;
        this.updateMillis = updateMillis;
        this.endsApartMillis = endsApartMillis;
        this.hasMarker = hasMarker;
        this.isWhole = isWhole;
    }

    /** Those that are sent over this road. */
    static List<Form> over(Road road) {
        return switch (road) {
            case PCMU -> List.of(values());
            case OPUS -> List.of(BROWSER);
        };
    }

    /** What the last packet of a press of {@code millis} states. */
    int statedMillis(int millis) {
        return isWhole ? Math.ceilDiv(millis, updateMillis) * updateMillis : millis;
    }
}

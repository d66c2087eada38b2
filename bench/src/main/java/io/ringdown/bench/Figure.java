package io.ringdown.bench;

import java.util.Locale;

/** What a run finds out, in the order in which it is told. */
enum Figure {
    CALLS_OK("calls ok", "", Better.MORE),
    CALLS_FAILED("calls failed", "", Better.LESS),
    CALLS_HELD("calls held", "", Better.NEITHER),
    LIMIT("calls before the first loss or p99 > 20 ms", "", Better.MORE),
    CALLS_PER_SECOND("calls set up and ended a second", "", Better.MORE),
    CALLS_PER_SECOND_AND_CORE("the same a second and core of the gateway", "", Better.MORE),
    CPU_PER_CALL("gateway: CPU per call set up and ended", "ms", Better.LESS),
    SETUP_ANSWER("set-up: offer to answer", "ms", Better.LESS),
    SETUP_ICE("set-up: answer to ICE", "ms", Better.LESS),
    SETUP_DTLS("set-up: ICE to DTLS", "ms", Better.LESS),
    SETUP_ANSWERED("set-up: offer to 200 OK", "ms", Better.LESS),
    SETUP_VOICE("set-up: 200 OK to voice both ways", "ms", Better.LESS),
    CPU("gateway: CPU per call-second", "ms", Better.LESS),
    FLOOR_BEFORE("floor before", "ms", Better.NEITHER),
    FLOOR_AFTER("floor after", "ms", Better.NEITHER),
    RATIO("gateway: ratio to the floor", "", Better.LESS),
    CALLS_PER_CORE("gateway: calls a core", "", Better.MORE),
    DELAY_TO_TRUNK("added delay, browser to trunk", "ms", Better.LESS),
    DELAY_TO_WEB("added delay, trunk to browser", "ms", Better.LESS),
    FRAMES_TO_TRUNK("frames browser to trunk: sent", "", Better.NEITHER),
    LOST_TO_TRUNK("frames browser to trunk: lost", "", Better.LESS),
    INVENTED_TO_TRUNK("frames browser to trunk: filled in early", "", Better.LESS),
    LATE_TO_TRUNK("frames browser to trunk: over 20 ms late", "", Better.LESS),
    FRAMES_TO_WEB("frames trunk to browser: sent", "", Better.NEITHER),
    LOST_TO_WEB("frames trunk to browser: lost", "", Better.LESS),
    INVENTED_TO_WEB("frames trunk to browser: filled in early", "", Better.LESS),
    LATE_TO_WEB("frames trunk to browser: over 20 ms late", "", Better.LESS),
    SHIFTS("frames left out or put in, as marks show", "", Better.LESS),
    MARKS("marks heard", "", Better.NEITHER),
    MARKS_MISSED("marks not heard", "", Better.LESS),
    REPLACED("frames lost on the line and replaced", "", Better.NEITHER),
    SRTP_ERRORS("SRTP errors at the browsers", "", Better.LESS),
    RSS_SLOPE("memory a call: RSS", "kB", Better.LESS),
    HEAP_SLOPE("memory a call: heap in use", "kB", Better.LESS),
    NATIVE_SLOPE("memory a call: native (RSS but the heap)", "kB", Better.LESS),
    RSS("RSS at all calls", "kB", Better.LESS),
    HEAP("heap in use at all calls", "kB", Better.LESS),
    GARBAGE("garbage a RTP packet in or out", "bytes", Better.LESS),
    GC_PAUSES("GC pauses", "ms", Better.LESS),
    LATENESS_WEB("driver: browsers send late by", "ms", Better.LESS),
    LATENESS_TRUNK("driver: trunk sends late by", "ms", Better.LESS),
    DRIVER_CPU("driver: CPU per call-second, both ends", "ms", Better.LESS),
    OTHERS("others' share of the machine", "%", Better.NEITHER),
    STOLEN("the host's share of the machine", "%", Better.NEITHER);

    /** Which way is better. */
    enum Better {
        LESS,
        MORE,
        NEITHER
    }

    private final String label;
    private final String unit;
    private final Better better;

    Figure(String label, String unit, Better better) {
        this.label = label;
        this.unit = unit;
        this.better = better;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    Better better() {
        return better;
    }

    /** Its name in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

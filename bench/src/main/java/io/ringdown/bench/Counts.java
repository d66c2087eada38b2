package io.ringdown.bench;

import java.util.concurrent.atomic.LongAdder;

/** What went over the wires on our side. */
final class Counts {
    final LongAdder webSent = new LongAdder();
    final LongAdder webReceived = new LongAdder();
    final LongAdder trunkSent = new LongAdder();
    final LongAdder trunkReceived = new LongAdder();
    final LongAdder srtpErrors = new LongAdder();
    final LongAdder sendErrors = new LongAdder();
}

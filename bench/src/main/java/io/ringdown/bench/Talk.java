package io.ringdown.bench;

import java.util.Arrays;

/**
 * Somebody who talks: a packet every 20 ms of his clock, over a line that may lose, delay and reorder them. What is sent, and
 * when, goes onto the board. On the thread of a wheel.
 */
final class Talk {
    private static final int FIRST = Speech.MARK_EVERY / 2 - 5; // the first mark comes with the sixth frame
    private static final int PACKET = 512;
    private static final int UNDER_WAY = 16; // packets that a line holds at once: 200 ms and some

    private final Board board;
    private final int place;
    private final Board.Way way;
    private final Speech speech;
    private final Format format;
    private final Line line;
    private final EndFigures figures;
    private final Sink sink;
    private final long begin;
    private final int ssrc;
    private final int timestampBase;
    private final byte[][] packets = new byte[UNDER_WAY][PACKET];
    private final int[] lengths = new int[UNDER_WAY];
    private final long[] leaves = new long[UNDER_WAY];
    private final long[] frames = new long[UNDER_WAY];
    private long spoken;
    private int first;
    private int count;
    private boolean overtaken;

    /** Where packets go. */
    interface Sink {
        /** Makes the packet ready for the wire, in place, and answers its length. */
        int seal(byte[] packet, int length);

        /** Whether it went out. */
        boolean send(byte[] packet, int length);
    }

    /** What two ends of a call talk about. */
    record Subject(Board board, int place, Board.Way way, Format format, Speech speech) {}

    Talk(Subject subject, Line line, int ssrc, int timestampBase, long begin, EndFigures figures, Sink sink) {
        this.board = subject.board();
        this.place = subject.place();
        this.way = subject.way();
        this.format = subject.format();
        this.speech = subject.speech();
        this.line = line;
        this.ssrc = ssrc;
        this.timestampBase = timestampBase;
        this.begin = begin;
        this.figures = figures;
        this.sink = sink;
    }

    /** Sends what is due until {@code dueNanos}; answers when something is due again. */
    long onDue(long dueNanos) {
        while (nextFrame() <= dueNanos) {
            speak();
        }
        while (count > 0 && leaves[first] <= dueNanos) {
            send(first);
            first = (first + 1) % UNDER_WAY;
            count--;
        }
        return count > 0 ? Math.min(nextFrame(), leaves[first]) : nextFrame();
    }

    private long nextFrame() {
        return begin + line.spokenAfterNanos(spoken);
    }

    /** Puts the next frame onto the line. */
    private void speak() {
        long due = nextFrame();
        long frame = FIRST + spoken++;
        if (line.loses()) {
            board.sent(place, way, frame, Board.LOST);
            return;
        }
        if (count == UNDER_WAY) {
            send(first); // the line is full: its oldest leaves early
            first = (first + 1) % UNDER_WAY;
            count--;
        }
        int last = (first + count) % UNDER_WAY;
        byte[] payload = speech.packet(frame);
        RtpPacket.write(
                packets[last], format.payloadType(), (int) frame, timestampBase + (int) frame * format.ticks(), ssrc);
        System.arraycopy(payload, 0, packets[last], RtpPacket.HEADER, payload.length);
        lengths[last] = sink.seal(packets[last], RtpPacket.HEADER + payload.length);
        frames[last] = frame;
        leaves[last] = line.leavesAtNanos(due);
        count++;
        board.sent(place, way, frame, 0);
        if (overtaken && count > 1) {
            overtaken = false;
            int before = (last + UNDER_WAY - 1) % UNDER_WAY;
            swap(before, last);
            leaves[before] = leaves[last];
        } else if (line.reorders()) {
            overtaken = true; // it waits for its successor
            leaves[last] = Wheel.NEVER;
        }
    }

    private void swap(int one, int other) {
        byte[] packet = packets[one];
        packets[one] = packets[other];
        packets[other] = packet;
        int length = lengths[one];
        lengths[one] = lengths[other];
        lengths[other] = length;
        long frame = frames[one];
        frames[one] = frames[other];
        frames[other] = frame;
    }

    private void send(int index) {
        long now = System.nanoTime();
        if (leaves[index] != Wheel.NEVER) {
            figures.lateness.add(now - Wheel.toTick(leaves[index]));
        }
        board.resent(place, way, frames[index], now);
        if (sink.send(packets[index], lengths[index])) {
            figures.sent++;
        } else {
            figures.sendErrors++;
        }
    }

    @Override
    public String toString() {
        return "Talk[" + place + ", " + way + ", " + spoken + " frames, " + Arrays.toString(leaves) + "]";
    }
}

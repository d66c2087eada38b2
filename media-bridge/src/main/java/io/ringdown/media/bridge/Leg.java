package io.ringdown.media.bridge;

import io.ringdown.media.MediaStats;
import io.ringdown.media.rtp.ReportExchange;
import io.ringdown.media.rtp.Rtcp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One side of a bridge: what comes in from it, what goes out to it, and the reports about both. Owned by the media loop, but
 * for {@link #stats()}, which any thread may call.
 */
final class Leg {
    private static final long SECOND = 1_000_000_000L;

    private static final int RECEIVED = 0;
    private static final int LOST = 1;
    private static final int LATE = 2;
    private static final int FILLED = 3;
    private static final int SENT = 4;
    private static final int REMOTE_LOST = 5;
    private static final int ROUND_TRIP = 6;
    private static final int JITTER = 7;
    private static final int MALFORMED = 8;
    private static final int IGNORED = 9;
    private static final int REPAIRED_RED = 10;
    private static final int REPAIRED_FEC = 11;
    private static final int OVERRUNS = 12;
    private static final int SLIPS = 13;
    private static final int COUNTS = 14;

    final Source source = new Source();
    final RtpStream out;
    final ReportExchange reports;
    private final PacketSink rtcp;
    private final byte[] report = new byte[Rtcp.MAX_LENGTH + RtpStream.HEADROOM];
    private final AtomicLongArray published = new AtomicLongArray(COUNTS);
    private final long startNanos;
    private boolean isOpen;
    private int clockRate = 8_000;
    private long malformed;
    private long ignored;
    private long earlierLate;
    private long earlierFilled;
    private long earlierRepairedRed;
    private long earlierRepairedFec;
    private long earlierOverruns;
    private long earlierSlips;
    private long earlierMalformed;

    Leg(
            BridgeIdentity.Stream stream,
            BridgeIdentity identity,
            BridgeSettings settings,
            PacketSink rtp,
            PacketSink rtcp,
            long now) {
        this.out = new RtpStream(stream, rtp);
        this.rtcp = rtcp;
        this.startNanos = now;
        this.reports = new ReportExchange(
                stream.ssrc(),
                identity.cname(),
                settings.reportInterval().toNanos(),
                source.reception(),
                identity.unixNanos(),
                now);
        published.set(ROUND_TRIP, -1);
    }

    /** Reports go out from now on; the stream that comes in counts at {@code newClockRate}. */
    void open(int newClockRate) {
        isOpen = true;
        if (clockRate != newClockRate) {
            clockRate = newClockRate;
            source.reception().onTimestampJump();
        }
        out.rate(newClockRate);
    }

    /** The peer of this leg is gone; another may come. */
    void shut() {
        isOpen = false;
        out.shut();
        source.forget();
    }

    void measure(int timestamp, long now) {
        long elapsed = now - startNanos;
        long ticks = elapsed / SECOND * clockRate + elapsed % SECOND * clockRate / SECOND;
        source.reception().onArrival(ticks, timestamp);
    }

    void onMalformed() {
        malformed++;
    }

    void onIgnored() {
        ignored++;
    }

    /** Keeps the counts of a direction that ends. */
    void retire(ForwardingLaw law) {
        earlierLate += law.late();
        earlierFilled += law.filled();
        earlierRepairedRed += law.repairedRed();
        earlierRepairedFec += law.repairedFec();
        earlierOverruns += law.overruns();
        earlierSlips += law.slips();
        earlierMalformed += law.malformed();
    }

    void onTime(long now) {
        if (now - reports.nextReportNanos() >= 0) {
            int length = reports.writeReport(report, 0, out.clockAt(now), out.packets(), out.octets(), now);
            if (isOpen) {
                rtcp.send(report, 0, length);
            }
        }
    }

    void bye(long now) {
        if (isOpen) {
            int length = reports.writeBye(report, 0, out.clockAt(now), out.packets(), out.octets(), now);
            rtcp.send(report, 0, length);
        }
    }

    /** Lets other threads see the counts; {@code incoming} is the law that this leg's stream goes through. */
    void publish(ForwardingLaw incoming) {
        published.setOpaque(LATE, earlierLate + incoming.late());
        published.setOpaque(FILLED, earlierFilled + incoming.filled());
        published.setOpaque(REPAIRED_RED, earlierRepairedRed + incoming.repairedRed());
        published.setOpaque(REPAIRED_FEC, earlierRepairedFec + incoming.repairedFec());
        published.setOpaque(OVERRUNS, earlierOverruns + incoming.overruns());
        published.setOpaque(SLIPS, earlierSlips + incoming.slips());
        published.setOpaque(MALFORMED, malformed + earlierMalformed + incoming.malformed());
        publish();
    }

    void publish() {
        published.setOpaque(RECEIVED, source.reception().received());
        published.setOpaque(LOST, source.reception().lost());
        published.setOpaque(SENT, out.packets());
        published.setOpaque(REMOTE_LOST, reports.remoteLost());
        published.setOpaque(ROUND_TRIP, reports.roundTripNanos());
        published.setOpaque(JITTER, (long) (source.reception().jitterTicks() * 1_000_000 / clockRate)); // microseconds
        published.setOpaque(IGNORED, ignored);
    }

    MediaStats.Leg stats() {
        long roundTripNanos = published.getOpaque(ROUND_TRIP);
        return new MediaStats.Leg(
                published.getOpaque(RECEIVED),
                published.getOpaque(LOST),
                published.getOpaque(LATE),
                published.getOpaque(FILLED),
                published.getOpaque(REPAIRED_RED),
                published.getOpaque(REPAIRED_FEC),
                published.getOpaque(SENT),
                published.getOpaque(REMOTE_LOST),
                roundTripNanos < 0 ? -1 : roundTripNanos / 1e6,
                published.getOpaque(JITTER) / 1e3);
    }

    /** What only a developer asks for. */
    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("received", published.getOpaque(RECEIVED));
        state.put("lost", published.getOpaque(LOST));
        state.put("late", published.getOpaque(LATE));
        state.put("filled", published.getOpaque(FILLED));
        state.put("repairedRed", published.getOpaque(REPAIRED_RED));
        state.put("repairedFec", published.getOpaque(REPAIRED_FEC));
        state.put("overruns", published.getOpaque(OVERRUNS));
        state.put("slips", published.getOpaque(SLIPS));
        state.put("sent", published.getOpaque(SENT));
        state.put("malformed", published.getOpaque(MALFORMED));
        state.put("ignored", published.getOpaque(IGNORED));
        return state;
    }
}

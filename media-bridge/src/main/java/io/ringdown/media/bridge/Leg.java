package io.ringdown.media.bridge;

import io.ringdown.media.MediaStats;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.quality.ClockSkew;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.media.quality.Level;
import io.ringdown.media.quality.SoundLevel;
import io.ringdown.media.rtp.ReportExchange;
import io.ringdown.media.rtp.Rtcp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * One side of a bridge: what comes in from it, what goes out to it, and the reports about both. Owned by the media loop, but
 * for {@link #stats()} and {@link #quality}, which any thread may call.
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
    private static final int REPAIRED_FEC = 10;
    private static final int REPAIRED_RED = 11;
    private static final int CONCEALED = 12;
    private static final int RECENT_POWER = 13;
    private static final int SPEECH_POWER = 14;
    private static final int SILENT = 15;
    private static final int QUIET = 16;
    private static final int SKEW = 17;
    private static final int EXPECTED_SINCE = 18;
    private static final int HEARD = 19;
    private static final int REPORTS = 20;
    private static final int DEAF_REPORTS = 21;
    private static final int OVERRUNS = 22;
    private static final int SLIPS = 23;
    private static final int COUNTS = 24;

    private static final int PUBLISH_EACH = 8; // frames; a power of two
    private static final long NANOS_PER_MILLI = 1_000_000;

    final Source source = new Source();
    final SoundLevel level = new SoundLevel();
    final RtpStream out;
    final ReportExchange reports;
    private final PacketSink rtcp;
    private final byte[] report = new byte[Rtcp.MAX_LENGTH + RtpStream.HEADROOM];
    private final AtomicLongArray published = new AtomicLongArray(COUNTS);
    private final long startNanos;
    private final ClockSkew skew = new ClockSkew();
    private volatile @Nullable AudioCodec codec;
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
    private long earlierConcealed;
    private long earlierMalformed;
    private long frames;
    private long deafReports;
    private long sentAtPeerReport;

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
        published.set(EXPECTED_SINCE, RtpStream.NEVER);
        published.set(HEARD, RtpStream.NEVER);
        publishSound();
    }

    /** Reports go out from now on; the stream that comes in is of {@code newCodec}, and it is time that it comes. */
    void open(AudioCodec newCodec, long now) {
        isOpen = true;
        codec = newCodec;
        expect(now);
        if (clockRate != newCodec.clockRate()) {
            clockRate = newCodec.clockRate();
            source.reception().onTimestampJump();
            skew.restart();
        }
        out.rate(clockRate);
    }

    /** From now on the peer can send, and its silence counts. */
    void expect(long now) {
        published.setOpaque(EXPECTED_SINCE, now);
    }

    /** The peer of this leg is gone; another may come. */
    void shut() {
        isOpen = false;
        codec = null;
        published.setOpaque(EXPECTED_SINCE, RtpStream.NEVER);
        out.shut();
        source.forget();
    }

    /** Takes a compound RTCP packet. */
    void onReport(byte[] buffer, int offset, int length, long now) {
        long reportsBefore = reports.reportsRead();
        long aboutUsBefore = reports.peerReports();
        int highestBefore = reports.remoteExtendedHighest();
        if (!reports.read(buffer, offset, length, now)) {
            onMalformed();
        }
        if (reports.reportsRead() == reportsBefore) {
            return;
        }
        boolean hasSent = out.packets() > sentAtPeerReport;
        boolean hasArrived = reports.peerReports() != aboutUsBefore
                && (aboutUsBefore == 0 || reports.remoteExtendedHighest() != highestBefore);
        deafReports = hasSent && !hasArrived ? deafReports + 1 : 0; // who was sent nothing says nothing about hearing
        sentAtPeerReport = out.packets();
    }

    /** The stream that comes in begins anew, or its timestamps do. */
    void onTimestampJump() {
        source.reception().onTimestampJump();
        skew.restart();
    }

    void measure(int timestamp, long now) {
        long elapsed = now - startNanos;
        long ticks = elapsed / SECOND * clockRate + elapsed % SECOND * clockRate / SECOND;
        source.reception().onArrival(ticks, timestamp);
        skew.onPacket(timestamp, clockRate, now);
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
        earlierConcealed += law.concealed();
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
        published.setOpaque(CONCEALED, earlierConcealed + incoming.concealed());
        published.setOpaque(MALFORMED, malformed + earlierMalformed + incoming.malformed());
        publish();
    }

    void publish() {
        published.setOpaque(RECEIVED, source.reception().received());
        published.setOpaque(LOST, source.reception().lost());
        published.setOpaque(HEARD, source.reception().isStarted() ? source.lastNanos() : RtpStream.NEVER);
        published.setOpaque(SENT, out.packets());
        published.setOpaque(REMOTE_LOST, reports.remoteLost());
        published.setOpaque(ROUND_TRIP, reports.roundTripNanos());
        published.setOpaque(JITTER, (long) (source.reception().jitterTicks() * 1_000_000 / clockRate)); // microseconds
        published.setOpaque(IGNORED, ignored);
        published.setOpaque(REPORTS, reports.reportsRead());
        published.setOpaque(DEAF_REPORTS, deafReports);
    }

    /** A frame has come: now and then other threads are let see what was found out. */
    void onFrame() {
        frames++;
        if (isPublishing()) {
            publishSound();
        }
    }

    /** Whether the last frame was one of those after which other threads are let see the counts. */
    boolean isPublishing() {
        return (frames & (PUBLISH_EACH - 1)) == 0;
    }

    private void publishSound() {
        published.setOpaque(RECENT_POWER, (long) level.recentPower());
        published.setOpaque(SPEECH_POWER, (long) level.speechPower());
        published.setOpaque(SILENT, level.silentMillis());
        published.setOpaque(QUIET, level.quietMillis());
        published.setOpaque(SKEW, Double.doubleToRawLongBits(skew.ppm()));
    }

    MediaStats.Leg stats() {
        long roundTripNanos = published.getOpaque(ROUND_TRIP);
        return new MediaStats.Leg(
                published.getOpaque(RECEIVED),
                published.getOpaque(LOST),
                published.getOpaque(LATE),
                published.getOpaque(FILLED),
                new MediaStats.Repairs(
                        published.getOpaque(REPAIRED_RED),
                        published.getOpaque(REPAIRED_FEC),
                        published.getOpaque(CONCEALED)),
                published.getOpaque(SENT),
                published.getOpaque(REMOTE_LOST),
                roundTripNanos < 0 ? -1 : roundTripNanos / 1e6,
                published.getOpaque(JITTER) / 1e3);
    }

    LegQuality quality(long now) {
        double skewPpm = Double.longBitsToDouble(published.getOpaque(SKEW));
        long since = published.getOpaque(EXPECTED_SINCE);
        long heard = published.getOpaque(HEARD);
        return new LegQuality(
                stats(),
                Optional.ofNullable(codec),
                Level.of(
                        (double) published.getOpaque(RECENT_POWER),
                        (double) published.getOpaque(SPEECH_POWER),
                        published.getOpaque(SILENT),
                        published.getOpaque(QUIET)),
                Double.isNaN(skewPpm) ? OptionalDouble.empty() : OptionalDouble.of(skewPpm),
                millisSince(since, now),
                millisSince(heard == RtpStream.NEVER || heard - since < 0 ? since : heard, now),
                published.getOpaque(REPORTS),
                published.getOpaque(DEAF_REPORTS));
    }

    private static OptionalLong millisSince(long then, long now) {
        return then == RtpStream.NEVER
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, now - then) / NANOS_PER_MILLI);
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
        state.put("concealed", published.getOpaque(CONCEALED));
        state.put("sent", published.getOpaque(SENT));
        state.put("malformed", published.getOpaque(MALFORMED));
        state.put("ignored", published.getOpaque(IGNORED));
        return state;
    }
}

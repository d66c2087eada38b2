package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.sip.PeerCapabilities;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * By which road presses go to a trunk: what is pinned, else what was agreed, else what is known of the trunk from its calls
 * so far. Thread-safe; one for the gateway.
 */
public final class DigitRoads {
    private static final String INFO_METHOD = "INFO";

    private final Map<String, Lessons> trunks = new ConcurrentHashMap<>();

    /** Why a road was chosen. */
    public enum Why {
        /** The configuration says so. */
        PINNED,
        /** The trunk's answer has telephone-event. */
        AGREED,
        /** The trunk says that it takes such bodies in INFO. */
        OFFERED,
        /** The trunk has done so before. */
        LEARNT,
        /** Nothing better is known. */
        LAST_RESORT,
        /** The road that is pinned does not lead there: it was not agreed. */
        NOT_AGREED;

        /** As the protocol writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What was chosen.
     *
     * @param road empty if none leads to the trunk
     * @param hearTones whether tones in the trunk's sound are presses
     */
    public record Choice(Optional<DtmfRoad> road, Why why, boolean hearTones) {}

    /** What a trunk has done. */
    public enum Lesson {
        /** It took a press by INFO. */
        INFO_TAKEN,
        /** It does not understand INFO, or not with such a body. */
        INFO_REFUSED
    }

    /** Nothing is known of any trunk. */
    public DigitRoads() {}

    /**
     * Chooses for a call whose media were agreed.
     *
     * @param inMedia the roads that lead there within the media
     * @param peer what the trunk says that it understands
     */
    public Choice choose(String trunk, DtmfSettings settings, List<DtmfRoad> inMedia, PeerCapabilities peer) {
        boolean isAgreed = inMedia.contains(DtmfRoad.RTP);
        Optional<DtmfRoad> pinned = settings.road().pinned();
        boolean hearTones = settings.hear(isAgreed);
        if (pinned.isPresent()) {
            boolean isThere = pinned.get() == DtmfRoad.INFO || inMedia.contains(pinned.get());
            return isThere
                    ? new Choice(pinned, Why.PINNED, hearTones)
                    : new Choice(Optional.empty(), Why.NOT_AGREED, hearTones);
        }
        if (isAgreed) {
            return new Choice(Optional.of(DtmfRoad.RTP), Why.AGREED, hearTones);
        }
        Lessons lessons = lessons(trunk);
        boolean mayInfo = !lessons.refusesInfo && peer.allows(INFO_METHOD).orElse(true);
        if (mayInfo && acceptsDigits(peer)) {
            return new Choice(Optional.of(DtmfRoad.INFO), Why.OFFERED, hearTones);
        }
        if (mayInfo && lessons.usesInfo()) {
            return new Choice(Optional.of(DtmfRoad.INFO), Why.LEARNT, hearTones);
        }
        if (inMedia.contains(DtmfRoad.IN_BAND)) {
            return new Choice(
                    Optional.of(DtmfRoad.IN_BAND),
                    lessons.count(DtmfRoad.IN_BAND) > 0 ? Why.LEARNT : Why.LAST_RESORT,
                    hearTones);
        }
        return new Choice(mayInfo ? Optional.of(DtmfRoad.INFO) : Optional.empty(), Why.LAST_RESORT, hearTones);
    }

    private static boolean acceptsDigits(PeerCapabilities peer) {
        return peer.mediaTypes()
                .map(types -> types.contains(DtmfBody.DTMF_RELAY) || types.contains(DtmfBody.DTMF))
                .orElse(false);
    }

    /** A press came from this trunk. */
    public void onHeard(String trunk, DtmfRoad road) {
        lessons(trunk).heard.of(road).incrementAndGet();
    }

    /** A press went to this trunk. */
    public void onSent(String trunk, DtmfRoad road) {
        lessons(trunk).sent.of(road).incrementAndGet();
    }

    /** The trunk has answered a press by INFO. */
    public void onLesson(String trunk, Lesson lesson) {
        lessons(trunk).refusesInfo = lesson == Lesson.INFO_REFUSED;
    }

    /** What is known of each trunk that has had digits, for the metrics. */
    public Map<String, Known> known() {
        Map<String, Known> known = new TreeMap<>();
        trunks.forEach((trunk, lessons) -> known.put(trunk, lessons.known()));
        return known;
    }

    /**
     * What is known of a trunk.
     *
     * @param heard presses from it, by road
     * @param sent presses to it, by road
     */
    public record Known(Map<DtmfRoad, Long> heard, Map<DtmfRoad, Long> sent, boolean refusesInfo) {}

    private Lessons lessons(String trunk) {
        return trunks.computeIfAbsent(trunk, _ -> new Lessons());
    }

    private static final class Lessons {
        private final Counts heard = new Counts();
        private final Counts sent = new Counts();
        private volatile boolean refusesInfo;

        long count(DtmfRoad road) {
            return heard.of(road).get();
        }

        /** Whether its own presses come by INFO. */
        boolean usesInfo() {
            return count(DtmfRoad.INFO) > 0;
        }

        Known known() {
            return new Known(heard.values(), sent.values(), refusesInfo);
        }
    }

    /** Presses, by road. */
    private static final class Counts {
        private final AtomicLong rtp = new AtomicLong();
        private final AtomicLong info = new AtomicLong();
        private final AtomicLong inBand = new AtomicLong();

        AtomicLong of(DtmfRoad road) {
            return switch (road) {
                case RTP -> rtp;
                case INFO -> info;
                case IN_BAND -> inBand;
            };
        }

        Map<DtmfRoad, Long> values() {
            Map<DtmfRoad, Long> values = new EnumMap<>(DtmfRoad.class);
            for (DtmfRoad road : DtmfRoad.values()) {
                values.put(road, of(road).get());
            }
            return values;
        }
    }
}

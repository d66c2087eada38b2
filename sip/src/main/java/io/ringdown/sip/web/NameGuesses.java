package io.ringdown.sip.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how often anybody, from wherever, may be wrong about the password of one name: who guesses slowly from many addresses stays
 * below what one source may. A name that many were wrong about is held off for a moment, which grows with each further wrong one. Where
 * its user has proved to be, it is not: a stranger locks nobody out of where they are. Pure; not safe for threads.
 */
final class NameGuesses {
    private static final int FREE = 20;
    private static final long FIRST_HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_DOUBLINGS = 6; // 64 s
    private static final long FORGOTTEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long PROVED_FOR_NANOS = TimeUnit.DAYS.toNanos(7);
    private static final int MAX_USERS = 16_384;
    private static final int MAX_OTHER_NAMES = 4096;
    private static final int MAX_PROVED = 65_536;

    // Apart, so that names that somebody makes up push out none that there are; and alike, so that neither tells which
    // is which.
    private final Map<String, Wrong> ofUsers = bounded(MAX_USERS);
    private final Map<String, Wrong> ofNobody = bounded(MAX_OTHER_NAMES);
    private final Map<String, Long> proved = bounded(MAX_PROVED);

    /** How often, when last, and until when nobody is listened to. */
    private record Wrong(int times, long last, long heldUntil) {}

    private static <T> Map<String, T> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }

    /** Whether this source may try this name now. */
    boolean mayTry(String name, String source, long now) {
        return hasProved(name, source, now) || (!isHeld(ofUsers.get(name), now) && !isHeld(ofNobody.get(name), now));
    }

    private static boolean isHeld(@Nullable Wrong wrong, long now) {
        return wrong != null && wrong.heldUntil() - now > 0;
    }

    private boolean hasProved(String name, String source, long now) {
        Long when = proved.get(key(name, source));
        return when != null && now - when < PROVED_FOR_NANOS;
    }

    private static String key(String name, String source) {
        return name + " " + source;
    }

    /** It was wrong; {@code isUser} is whether there is somebody of this name. */
    void wrong(String name, boolean isUser, String source, long now) {
        if (hasProved(name, source, now)) {
            return; // another phone there with an old password, which the bound of one source is for
        }
        (isUser ? ofUsers : ofNobody).compute(name, (_, before) -> {
            int times = before == null || now - before.last() >= FORGOTTEN_AFTER_NANOS ? 1 : before.times() + 1;
            long hold = times <= FREE ? 0 : FIRST_HOLD_NANOS << Math.min(times - FREE - 1, MOST_DOUBLINGS);
            return new Wrong(times, now, now + hold);
        });
    }

    /** It was right. */
    void right(String name, String source, long now) {
        proved.put(key(name, source), now);
    }
}

package io.ringdown.gateway.call;

import java.util.ArrayList;
import java.util.List;

/**
 * Who has supervised a call.
 *
 * @param times how often somebody has begun to
 * @param names who they were, each once, the first {@value #MOST}
 */
public record Supervisors(int times, List<String> names) {
    private static final int MOST = 16;

    /** Nobody. */
    public static final Supervisors NONE = new Supervisors(0, List.of());

    public Supervisors {
        names = List.copyOf(names);
    }

    /** With this one, once more. */
    Supervisors with(String name) {
        List<String> all = new ArrayList<>(names);
        if (!all.contains(name) && all.size() < MOST) {
            all.add(name);
        }
        return new Supervisors(times + 1, all);
    }
}

package io.ringdown.gateway.routing;

/** Who may supervise whom. Thread-safe; answers at once. */
public interface Overseers {
    /** Whether the first may hear the calls of the second, and speak in them. */
    boolean oversees(String supervisor, String agent);

    /** What agents see of this supervisor. */
    String shown(String supervisor);
}

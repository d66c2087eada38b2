package io.ringdown.gateway.app;

import java.util.Optional;

/** Which Ringdown this is. */
final class Version {
    private Version() {}

    /** The version of the jar; {@code development} when run from class files. */
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}

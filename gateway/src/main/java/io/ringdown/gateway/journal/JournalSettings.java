package io.ringdown.gateway.journal;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where it is written down what survives a crash.
 *
 * @param enabled whether anything is
 * @param directory of the journal; {@code var} beside the configuration file, if empty
 * @param records of the records of calls, a file for each day; {@code records} in the other, if empty
 */
public record JournalSettings(boolean enabled, Optional<Path> directory, Optional<Path> records) {

    /** Beside the configuration file. */
    public static JournalSettings defaults() {
        return new JournalSettings(true, Optional.empty(), Optional.empty());
    }

    /** Nothing is written: calls that a crash leaves behind are ended by nobody, and no call has a record. */
    public static JournalSettings none() {
        return new JournalSettings(false, Optional.empty(), Optional.empty());
    }

    /** As this, with the directory named, and the records in it unless they have one of their own. */
    public JournalSettings orIn(Path usual) {
        Path journal = directory.orElse(usual);
        return new JournalSettings(
                enabled, Optional.of(journal), Optional.of(records.orElse(journal.resolve("records"))));
    }
}

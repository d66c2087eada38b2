package io.ringdown.gateway.hooks;

import io.ringdown.gateway.journal.FileDisk;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was not delivered, a file each, for whoever looks after that: {@code ringdown hooks dead} lists it, {@code ringdown hooks resend}
 * tells it again. No more than so many are kept; when there are a sixteenth more, the oldest beyond are dropped: so the directory, which
 * may be a large one, is seldom listed. One thread at a time; blocks.
 */
public final class DeadLetters {
    private static final String SUFFIX = ".json";
    private static final int SPARE = 16; // a sixteenth
    private static final int UNKNOWN = -1;

    private final Path directory;
    private final int most;

    /** How many there are; more than there are, while somebody tells them again beside us. */
    private int kept = UNKNOWN;

    /** In this directory. */
    public DeadLetters(Path directory, int most) {
        this.directory = directory;
        this.most = most;
    }

    /**
     * One of them.
     *
     * @param what what was to be told
     * @param why nobody has taken it
     * @param attempts how often it was tried
     */
    record Letter(Delivery what, String why, int attempts) {}

    /** Keeps one, and is on the disk when it returns; how many old ones were dropped for it. The same twice is kept once. */
    int put(Letter letter) throws IOException {
        FileDisk disk = FileDisk.at(directory);
        if (kept == UNKNOWN) {
            kept = files().size();
        }
        String name = name(letter.what());
        boolean isNew = !Files.exists(directory.resolve(name));
        disk.replace(name, RecordJson.write(letter).toString().getBytes(StandardCharsets.UTF_8));
        if (isNew) {
            kept++;
        }
        return kept > most + most / SPARE ? dropOldest() : 0;
    }

    private int dropOldest() throws IOException {
        List<Path> all = files();
        int tooMany = Math.max(0, all.size() - most);
        for (Path old : all.subList(0, tooMany)) {
            Files.deleteIfExists(old);
        }
        kept = all.size() - tooMany;
        return tooMany;
    }

    /** By number first, so that names are in order. */
    private static String name(Delivery what) {
        return String.format(Locale.ROOT, "%016d-%s-%s%s", what.number(), what.hook(), what.id(), SUFFIX);
    }

    /** All of them, oldest first. */
    List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(SUFFIX) && !name.startsWith(".");
                    })
                    .sorted()
                    .toList();
        } catch (UncheckedIOException failed) { // by the list, while it is read
            throw failed.getCause();
        }
    }

    /**
     * What stands in one of the files; empty if it is not there any more.
     *
     * @throws IOException that names the file, where it is none of ours, was cut or cannot be read
     */
    static Optional<Letter> read(Path file) throws IOException {
        try {
            return Optional.of(RecordJson.readOthers(Letter.class, Files.readString(file, StandardCharsets.UTF_8)));
        } catch (BadJsonException unfit) {
            throw new IOException(file + " is no undelivered event: " + unfit.getMessage(), unfit);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new IOException(file + " cannot be read: " + failed, failed);
        }
    }
}

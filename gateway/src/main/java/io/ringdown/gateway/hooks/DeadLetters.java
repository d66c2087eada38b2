package io.ringdown.gateway.hooks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was not delivered, a file each, for whoever looks after that: {@code ringdown hooks dead} lists it, {@code ringdown hooks resend}
 * tells it again. No more than so many are kept; beyond, the oldest is dropped. One thread at a time; blocks.
 */
public final class DeadLetters {
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final int most;

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

    /** Keeps one; how many old ones were dropped for it. */
    int put(Letter letter) throws IOException {
        Files.createDirectories(directory);
        Path made = directory.resolve("." + name(letter.what()));
        Files.deleteIfExists(made);
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(made, RecordJson.write(letter).toString(), StandardCharsets.UTF_8);
        Files.move(made, directory.resolve(name(letter.what())), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        List<Path> all = files();
        int tooMany = Math.max(0, all.size() - most);
        for (Path old : all.subList(0, tooMany)) {
            Files.deleteIfExists(old);
        }
        return tooMany;
    }

    /** By number first, so that names are in order. */
    private static String name(Delivery what) {
        return String.format(Locale.ROOT, "%016d-%s-%s%s", what.number(), what.hook(), what.id(), SUFFIX);
    }

    /** How many there are. */
    int count() throws IOException {
        return files().size();
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
        }
    }

    /** What stands in one of the files. */
    static Letter read(Path file) throws IOException {
        try {
            return RecordJson.read(Letter.class, JSON.readTree(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (BadJsonException unfit) {
            throw new IOException(file + " is no undelivered event: " + unfit.getMessage(), unfit);
        } catch (NoSuchFileException gone) {
            throw new IOException(file + " is not there any more", gone);
        }
    }
}

package io.ringdown.gateway.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of the file system. Files are made with mode 0600 where it has modes. */
public final class FileDisk implements Disk {
    private static final String LOCK = "lock";

    private final Path directory;
    private final FileAttribute<?>[] ownersOnly;

    private FileDisk(Path directory) {
        this.directory = directory;
        this.ownersOnly =
                directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
    }

    /** Makes the directory where there is none. */
    public static FileDisk at(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new FileDisk(directory);
    }

    /** Keeps other processes out, and other gateways of this one, until what is returned is closed; empty if one is in. */
    public Optional<AutoCloseable> lock() throws IOException {
        FileChannel channel = open(LOCK, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException ours) {
            // The same answer as from another process.
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public InputStream read(String name) throws IOException {
        try {
            return Files.newInputStream(directory.resolve(name));
        } catch (NoSuchFileException none) {
            return InputStream.nullInputStream();
        }
    }

    @Override
    public Tail append(String name) throws IOException {
        boolean isNew = !Files.exists(directory.resolve(name));
        FileChannel channel = open(name, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        channel.position(channel.size());
        if (isNew) {
            forceNames();
        }
        return new FileTail(channel);
    }

    @Override
    public void replace(String name, byte[] content) throws IOException {
        String made = name + ".new";
        try (FileChannel channel = open(
                made,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            writeAll(channel, content);
            channel.force(true);
        } catch (IOException full) {
            Files.deleteIfExists(directory.resolve(made));
            throw full;
        }
        Files.move(directory.resolve(made), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        forceNames();
    }

    private FileChannel open(String name, Set<? extends OpenOption> options) throws IOException {
        return FileChannel.open(directory.resolve(name), options, ownersOnly);
    }

    /** A new name is in its directory only once that is on the disk too. */
    private void forceNames() throws IOException {
        try (FileChannel itself = FileChannel.open(directory)) {
            itself.force(true);
        }
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private record FileTail(FileChannel channel) implements Tail {
        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            writeAll(channel, bytes);
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
            channel.position(length);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

package io.ringdown.gateway.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Two directories in memory that remember every step, and can be had as a crash after any of them would have left them. */
final class MemoryDisk {
    /** What was done to a file. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private sealed interface Step {
        record Made(String file) implements Step {}

        record Wrote(String file, byte[] bytes) implements Step {}

        record Cut(String file, int length) implements Step {}

        record Forced(String file) implements Step {}

        record Replaced(String file, byte[] content) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private BooleanSupplier isFull = () -> false;

    /** From now on writing fails while this says so. */
    void fullWhile(BooleanSupplier condition) {
        isFull = condition;
    }

    Disk directory(String name) {
        return new Directory(name + "/");
    }

    String text(String file) {
        return new String(files.getOrDefault(file, new byte[0]), StandardCharsets.UTF_8);
    }

    void put(String file, String text) {
        files.put(file, text.getBytes(StandardCharsets.UTF_8));
    }

    List<String> files() {
        return List.copyOf(files.keySet());
    }

    /** How many bytes were written, and how many steps were taken besides: the moments at which a crash may come. */
    int moments() {
        return steps.stream().mapToInt(MemoryDisk::moments).sum();
    }

    private static int moments(Step step) {
        return step instanceof Step.Wrote wrote ? wrote.bytes.length : 1;
    }

    /**
     * What a crash at this moment leaves.
     *
     * @param isPower of the machine: then what was not forced is gone; else of the process
     */
    MemoryDisk after(int moment, boolean isPower) {
        Map<String, byte[]> seen = new LinkedHashMap<>();
        Map<String, byte[]> safe = new LinkedHashMap<>();
        int left = moment;
        for (Step step : steps) {
            if (left <= 0) {
                break;
            }
            apply(step, Math.min(left, moments(step)), seen, safe);
            left -= moments(step);
        }
        MemoryDisk disk = new MemoryDisk();
        disk.files.putAll(isPower ? safe : seen);
        return disk;
    }

    /** The same files, as if they had been there before the first step. */
    MemoryDisk copy() {
        MemoryDisk disk = new MemoryDisk();
        files.forEach((file, content) -> disk.take(new Step.Replaced(file, content)));
        return disk;
    }

    private static void apply(Step step, int done, Map<String, byte[]> seen, Map<String, byte[]> safe) {
        switch (step) {
            case Step.Made made -> {
                seen.putIfAbsent(made.file, new byte[0]);
                safe.putIfAbsent(made.file, new byte[0]);
            }
            case Step.Wrote wrote -> seen.merge(wrote.file, Arrays.copyOf(wrote.bytes, done), MemoryDisk::joined);
            case Step.Cut cut -> seen.put(cut.file, Arrays.copyOf(bytes(seen, cut.file), cut.length));
            case Step.Forced forced -> safe.put(forced.file, bytes(seen, forced.file));
            case Step.Replaced replaced -> {
                seen.put(replaced.file, replaced.content);
                safe.put(replaced.file, replaced.content);
            }
        }
    }

    private static byte[] bytes(Map<String, byte[]> of, String file) {
        return of.getOrDefault(file, new byte[0]);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private void take(Step step) {
        steps.add(step);
        apply(step, moments(step), files, new LinkedHashMap<>());
    }

    private void requireSpace() throws IOException {
        if (isFull.getAsBoolean()) {
            throw new IOException("No space left on device");
        }
    }

    private final class Directory implements Disk {
        private final String path;

        Directory(String path) {
            this.path = path;
        }

        @Override
        public List<String> names() {
            return files.keySet().stream()
                    .filter(file -> file.startsWith(path))
                    .map(file -> file.substring(path.length()))
                    .toList();
        }

        @Override
        public InputStream read(String name) {
            return new ByteArrayInputStream(bytes(files, path + name));
        }

        @Override
        public Tail append(String name) {
            take(new Step.Made(path + name));
            return new End(path + name);
        }

        @Override
        public void replace(String name, byte[] content) throws IOException {
            requireSpace();
            take(new Step.Replaced(path + name, content.clone()));
        }
    }

    private final class End implements Disk.Tail {
        private final String file;

        End(String file) {
            this.file = file;
        }

        @Override
        public long length() {
            return bytes(files, file).length;
        }

        /** A full disk has taken a part. */
        @Override
        public void write(byte[] bytes) throws IOException {
            if (isFull.getAsBoolean()) {
                take(new Step.Wrote(file, Arrays.copyOf(bytes, bytes.length / 2)));
                requireSpace();
            }
            take(new Step.Wrote(file, bytes.clone()));
        }

        @Override
        public void truncate(long length) {
            take(new Step.Cut(file, (int) length));
        }

        @Override
        public void force() throws IOException {
            requireSpace();
            take(new Step.Forced(file));
        }

        @Override
        public void close() {}
    }
}

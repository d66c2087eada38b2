package io.ringdown.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ringdown.gateway.journal.Disk;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The file of what waits to be told: a line {@code +JSON} for what came, {@code -NUMBER} for what is settled. It is written anew, with
 * what waits alone, when it has grown and most of it is settled, and after the disk has failed. One thread at a time; blocks.
 */
final class HookLog implements AutoCloseable {
    private static final String NAME = "waiting";
    private static final long WRITE_ANEW = 4L << 20; // bytes
    private static final JsonMapper JSON = new JsonMapper();

    private final Disk disk;
    private final Supplier<List<Delivery>> pending;
    private final StringBuilder unwritten = new StringBuilder();
    private final List<Delivery> leftOver;
    private Disk.Tail tail;
    private boolean isForced;
    private boolean isBroken;
    private long highest;
    private int unreadable;

    /** Opens it; {@code pending} says what waits when it is written anew. */
    HookLog(Disk disk, Supplier<List<Delivery>> pending) throws IOException {
        this.disk = disk;
        this.pending = pending;
        this.leftOver = read();
        this.tail = anew(leftOver);
    }

    /** What the last process has left, in order. */
    List<Delivery> leftOver() {
        return leftOver;
    }

    /** The highest number that was ever given, as far as the file has it. */
    long highest() {
        return highest;
    }

    /** How many lines could not be read. */
    int unreadable() {
        return unreadable;
    }

    private List<Delivery> read() throws IOException {
        Map<Long, Delivery> waiting = new LinkedHashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(disk.read(NAME), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    take(line, waiting);
                } catch (BadJsonException | IOException | NumberFormatException unfit) {
                    unreadable++; // the last one, mostly, that a crash has cut
                }
            }
        }
        return List.copyOf(waiting.values());
    }

    private void take(String line, Map<Long, Delivery> waiting) throws BadJsonException, IOException {
        if (line.startsWith("+")) {
            JsonNode json = JSON.readTree(line.substring(1));
            Delivery delivery = RecordJson.read(Delivery.class, json);
            highest = Math.max(highest, delivery.number());
            waiting.put(delivery.number(), delivery);
        } else {
            waiting.remove(-Long.parseLong(line));
        }
    }

    private Disk.Tail anew(List<Delivery> waiting) throws IOException {
        StringBuilder text = new StringBuilder();
        waiting.forEach(each -> append(text, each));
        disk.replace(NAME, text.toString().getBytes(StandardCharsets.UTF_8));
        return disk.append(NAME);
    }

    private static void append(StringBuilder text, Delivery delivery) {
        text.append('+').append(RecordJson.write(delivery)).append('\n');
    }

    /** Something is to be told; on the disk after {@link #commit}. */
    void add(Delivery delivery) {
        append(unwritten, delivery);
        isForced = true;
    }

    /** It need not be told any more; what a crash loses of this is told once more. */
    void settle(Delivery delivery) {
        unwritten.append('-').append(delivery.number()).append('\n');
    }

    /** Writes what came since the last time. IOException where the disk fails: then all of what waits is written when it works again. */
    void commit() throws IOException {
        if (unwritten.isEmpty() && !isBroken) {
            return;
        }
        byte[] bytes = unwritten.toString().getBytes(StandardCharsets.UTF_8);
        unwritten.setLength(0);
        try {
            if (isBroken || (tail.length() + bytes.length > WRITE_ANEW && isMostlySettled(tail.length()))) {
                tail.close();
                tail = anew(pending.get());
            } else {
                tail.write(bytes);
                if (isForced) {
                    tail.force();
                }
            }
            isBroken = false;
            isForced = false;
        } catch (IOException failed) {
            isBroken = true;
            throw failed;
        }
    }

    private boolean isMostlySettled(long length) {
        long waiting = 0;
        for (Delivery each : new ArrayList<>(pending.get())) {
            waiting += each.body().length() + 200L;
        }
        return waiting < length / 2;
    }

    @Override
    public void close() throws IOException {
        tail.close();
    }
}

package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Hears keys in a sound twice: multimon-ng says which, and the two strongest frequencies of each moment say which, when and how
 * long. Neither shares code with the gateway.
 */
final class ToneEar {
    private static final double WINDOW_SECONDS = 0.02;
    private static final double HOP_SECONDS = 0.0025;
    private static final double EDGE_SECONDS = 0.01;
    private static final int MULTIMON_RATE = 22_050;

    private ToneEar() {}

    /**
     * A key that was heard.
     *
     * @param from where it begins, in seconds
     * @param share of the energy in its middle that lies in its two frequencies, 0 to 1
     */
    record Heard(char key, double from, double seconds, double share) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%c at %.3f s for %.0f ms, %.1f %% pure", key, from, seconds * 1000, share * 100);
        }
    }

    /** What multimon-ng hears, as a string of keys. */
    static String multimon(Path folder, String name, Sound sound) {
        Path in = folder.resolve(name + ".heard.s16");
        Path out = folder.resolve(name + ".multimon.s16");
        ByteBuffer bytes = ByteBuffer.allocate(2 * sound.samples().length).order(ByteOrder.LITTLE_ENDIAN);
        for (double sample : sound.samples()) {
            bytes.putShort((short) Math.round(sample * 32_767));
        }
        try {
            Files.write(in, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> convert =
                new ArrayList<>(List.of("ffmpeg", "-nostdin", "-y", "-v", "error", "-f", "s16le", "-ac", "1"));
        convert.addAll(List.of("-ar", Integer.toString(sound.rate()), "-i", in.toString()));
        convert.addAll(List.of("-ar", Integer.toString(MULTIMON_RATE), "-f", "s16le", out.toString()));
        Tools.run(folder.resolve(name + ".multimon-in.log"), convert.toArray(String[]::new));
        String printed = Tools.run(
                folder.resolve(name + ".multimon.log"), "multimon-ng", "-q", "-t", "raw", "-a", "DTMF", out.toString());
        return printed.lines()
                .filter(line -> line.startsWith("DTMF: "))
                .map(line -> line.substring("DTMF: ".length()).strip().toUpperCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /**
     * The keys by their frequencies. A moment belongs to a key while both of its frequencies stand at half of their full
     * amplitude or more: since a window that lies half on a tone measures half, a run of such moments is as long as the tone.
     */
    static List<Heard> keys(Sound sound) {
        List<Moment> moments = moments(sound);
        double loudest = moments.stream().mapToDouble(Moment::weaker).max().orElse(0);
        List<Heard> heard = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= moments.size(); i++) {
            boolean isTone = i < moments.size() && loudest > 0.01 && moments.get(i).weaker >= loudest / 2;
            boolean isSame = isTone && from >= 0 && moments.get(i).key == moments.get(from).key;
            if (from >= 0 && !isSame) {
                double begin = from * HOP_SECONDS + WINDOW_SECONDS / 2;
                double seconds = (i - from) * HOP_SECONDS;
                char key = moments.get(from).key;
                heard.add(new Heard(key, begin, seconds, share(sound, key, begin, begin + seconds)));
                from = -1;
            }
            if (isTone && from < 0) {
                from = i;
            }
        }
        return heard;
    }

    /** The strongest row and column of a window, and the amplitude of the weaker of the two. */
    private record Moment(char key, double weaker) {}

    private static List<Moment> moments(Sound sound) {
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i * HOP_SECONDS + WINDOW_SECONDS <= sound.seconds(); i++) {
            Sound window = sound.between(i * HOP_SECONDS, i * HOP_SECONDS + WINDOW_SECONDS);
            int row = strongest(window, Keypad.ROWS);
            int column = strongest(window, Keypad.COLUMNS);
            double rowLevel = amplitude(window, Keypad.ROWS[row]);
            double columnLevel = amplitude(window, Keypad.COLUMNS[column]);
            moments.add(new Moment(Keypad.key(row, column), Math.min(rowLevel, columnLevel)));
        }
        return moments;
    }

    private static double share(Sound sound, char key, double from, double to) {
        Sound middle = sound.between(from + EDGE_SECONDS, to - EDGE_SECONDS);
        double row = amplitude(middle, Keypad.rowHz(key));
        double column = amplitude(middle, Keypad.columnHz(key));
        return (row * row + column * column) / Math.pow(10, middle.levelDbfs() / 10);
    }

    private static int strongest(Sound window, double[] frequencies) {
        int best = 0;
        for (int i = 1; i < frequencies.length; i++) {
            best = amplitude(window, frequencies[i]) > amplitude(window, frequencies[best]) ? i : best;
        }
        return best;
    }

    private static double amplitude(Sound window, double hz) {
        return Math.pow(10, window.levelOfDbfs(hz) / 20);
    }
}

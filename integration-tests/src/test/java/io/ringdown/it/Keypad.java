package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sixteen keys of ITU-T Q.23: their frequencies, and their sound as sox makes it. */
final class Keypad {
    static final double[] ROWS = {697, 770, 852, 941};
    static final double[] COLUMNS = {1209, 1336, 1477, 1633};

    private static final String KEYS = "123A456B789C*0#D";
    private static final String EACH_VOLUME = "0.5"; // of two mixed sines: −12 dBFS each

    private Keypad() {}

    static char key(int row, int column) {
        return KEYS.charAt(4 * row + column);
    }

    static double rowHz(char key) {
        return ROWS[KEYS.indexOf(key) / 4];
    }

    static double columnHz(char key) {
        return COLUMNS[KEYS.indexOf(key) % 4];
    }

    /** These keys one after the other in this codec (0, 8 or 9), with silence before, between and after them. */
    static byte[] sound(Path folder, int payloadType, String keys, int millis, int gapMillis) {
        List<String> pieces = new ArrayList<>(List.of("sox"));
        for (int i = 0; i < keys.length(); i++) {
            pieces.add(piece(folder, keys.charAt(i), millis, gapMillis).toString());
        }
        Path all = folder.resolve("keys.wav");
        pieces.addAll(List.of(all.toString(), "pad", "0.3", "0.4"));
        Tools.run(folder.resolve("keys.log"), pieces.toArray(String[]::new));
        return encoded(folder, all, payloadType);
    }

    /** A WAV of 16 kHz in one of the three codecs, raw. */
    static byte[] encoded(Path folder, Path wav, int payloadType) {
        String form = switch (payloadType) {
            case 0 -> "mulaw";
            case 8 -> "alaw";
            case 9 -> "g722";
            default -> throw new IllegalArgumentException("payload type " + payloadType);
        };
        Path raw = folder.resolve(wav.getFileName() + "." + form);
        List<String> command =
                new ArrayList<>(List.of("ffmpeg", "-nostdin", "-y", "-v", "error", "-i", wav.toString()));
        command.addAll(List.of("-ac", "1", "-ar", payloadType == 9 ? "16000" : "8000"));
        command.addAll(List.of("-c:a", payloadType == 9 ? "g722" : "pcm_" + form, "-f", form, raw.toString()));
        Tools.run(folder.resolve(wav.getFileName() + ".log"), command.toArray(String[]::new));
        try {
            return Files.readAllBytes(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path piece(Path folder, char key, int millis, int gapMillis) {
        Path wav = folder.resolve("key-" + Press.KEYS.indexOf(key) + ".wav");
        String seconds = String.format(Locale.ROOT, "%.3f", millis / 1000.0);
        String gap = String.format(Locale.ROOT, "%.3f", gapMillis / 1000.0);
        List<String> command =
                new ArrayList<>(List.of("sox", "-n", "-r", "16000", "-c", "1", "-b", "16", wav.toString()));
        command.addAll(List.of("synth", seconds, "sine", Double.toString(rowHz(key))));
        command.addAll(List.of("synth", seconds, "sine", "mix", Double.toString(columnHz(key))));
        command.addAll(List.of("vol", EACH_VOLUME, "pad", "0", gap));
        Tools.run(folder.resolve("key.log"), command.toArray(String[]::new));
        return wav;
    }
}

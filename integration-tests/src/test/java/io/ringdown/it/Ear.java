package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Hears what an end was given, without any code of ours in between: it is decoded by sox (µ-law) and ffmpeg (the others), and
 * the tone is found by frequency.
 */
final class Ear {

    /** Below this a tone does not count as heard. The tones are sent at about −12 dBFS. */
    private static final double FAINTEST_DBFS = -30;

    /** A recorder that was given nothing to record writes its header alone, of 110 bytes in Chromium. */
    private static final int HEADER_BYTES = 150;

    private Ear() {}

    /** What these packets carry, in the order of their sequence numbers; telephone-events are left out. */
    static Sound of(Path folder, String name, List<FarEnd.Packet> packets) {
        ByteArrayOutputStream law = new ByteArrayOutputStream();
        int type = -1;
        for (FarEnd.Packet packet : FarEnd.inOrder(packets)) {
            if (packet.payloadType() == 0 || packet.payloadType() == 8 || packet.payloadType() == 9) {
                assertThat(type == -1 || type == packet.payloadType())
                        .as("one codec for the whole call")
                        .isTrue();
                type = packet.payloadType();
                law.writeBytes(packet.payload());
            }
        }
        if (type == -1) {
            throw new AssertionError("the far end received no audio at all in " + packets.size() + " packets");
        }
        return switch (type) {
            case 0 -> decode(folder, name + ".ul", law.toByteArray());
            case 8 -> decode(folder, name + ".al", law.toByteArray());
            default -> decode(folder, name + ".g722", law.toByteArray());
        };
    }

    private static Sound decode(Path folder, String name, byte[] law) {
        try {
            Path in = folder.resolve(name);
            Path out = folder.resolve(name + ".s16");
            Path log = folder.resolve(name + ".log");
            Files.write(in, law);
            if (name.endsWith(".ul")) {
                Tools.run(
                        log,
                        "sox",
                        "-t",
                        "raw",
                        "-e",
                        "mu-law",
                        "-b",
                        "8",
                        "-r",
                        "8000",
                        "-c",
                        "1",
                        in.toString(),
                        "-t",
                        "raw",
                        "-e",
                        "signed",
                        "-b",
                        "16",
                        out.toString());
            } else if (name.endsWith(".g722")) {
                Tools.run(
                        log,
                        "ffmpeg",
                        "-nostdin",
                        "-y",
                        "-v",
                        "error",
                        "-f",
                        "g722",
                        "-i",
                        in.toString(),
                        "-f",
                        "s16le",
                        out.toString());
                return pcm16(Files.readAllBytes(out), 16_000);
            } else {
                Tools.run(
                        log,
                        "ffmpeg",
                        "-nostdin",
                        "-y",
                        "-v",
                        "error",
                        "-f",
                        "alaw",
                        "-ar",
                        "8000",
                        "-ac",
                        "1",
                        "-i",
                        in.toString(),
                        "-f",
                        "s16le",
                        out.toString());
            }
            return pcm16(Files.readAllBytes(out), 8000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a browser has recorded, decoded by ffmpeg; the first tenth of a second, where its recorder starts, is left out. */
    static Sound recording(Trial trial, String name, byte[] recording) {
        if (recording.length <= HEADER_BYTES) {
            return new Sound(new double[0], 48_000);
        }
        try {
            Path in = trial.file(name + ".opus");
            Path out = trial.file(name + ".s16");
            Files.write(in, recording);
            Tools.run(
                    trial.file(name + ".log"),
                    "ffmpeg",
                    "-nostdin",
                    "-y",
                    "-v",
                    "error",
                    "-i",
                    in.toString(),
                    "-ac",
                    "1",
                    "-ar",
                    "48000",
                    "-f",
                    "s16le",
                    out.toString());
            Sound all = pcm16(Files.readAllBytes(out), 48_000);
            return all.between(0.1, all.seconds());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Little-endian 16-bit samples. */
    static Sound pcm16(byte[] bytes, int rate) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        double[] samples = new double[bytes.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = in.getShort() / 32768.0;
        }
        return new Sound(samples, rate);
    }

    /** The tone is there, loud enough, and nothing else is. */
    static void hears(String who, Sound sound, double hz) {
        assertThat(sound.seconds())
                .as(who + " heard something long enough to judge")
                .isGreaterThan(0.3);
        assertThat(sound.dominantHz())
                .as(who + " hears " + hz + " Hz; heard: " + sound)
                .isBetween(hz - 20, hz + 20);
        assertThat(sound.levelDbfs())
                .as(who + " hears it loud enough; heard: " + sound)
                .isGreaterThan(FAINTEST_DBFS);
        assertThat(sound.shareOf(hz))
                .as(who + " hears nothing else; heard: " + sound)
                .isGreaterThan(0.9);
        assertThat(sound.othersBelowDb(hz))
                .as(who + " hears no other tone; heard: " + sound)
                .isGreaterThan(15);
    }

    /** Each of these tones is there, loud enough, and neither one of the others nor anything else; none: nothing at all. */
    static void hearsJust(String who, Sound sound, Collection<Double> tones, Collection<Double> others) {
        assertThat(sound.seconds())
                .as(who + " heard something long enough to judge")
                .isGreaterThan(0.3);
        if (tones.isEmpty()) {
            hearsNothing(who, sound);
            return;
        }
        for (double hz : tones) {
            assertThat(sound.meanLevelOfDbfs(hz))
                    .as(who + " hears " + hz + " Hz; heard: " + sound)
                    .isGreaterThan(FAINTEST_DBFS);
        }
        for (double hz : others) {
            assertThat(sound.meanLevelOfDbfs(hz))
                    .as(who + " does not hear " + hz + " Hz; heard: " + sound)
                    .isLessThan(-50);
        }
        assertThat(tones.stream().mapToDouble(sound::shareOf).sum())
                .as(who + " hears nothing but " + tones + "; heard: " + sound)
                .isGreaterThan(0.9);
    }

    /** Nothing that an ear would notice. */
    static void hearsNothing(String who, Sound sound) {
        assertThat(sound.levelDbfs())
                .as(who + " hears nothing; heard: " + sound)
                .isLessThan(-50);
    }
}

package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the decision values published in G.711 and against sox, which shares no code with us. */
final class G711LawTest {

    @Test
    void everySampleGoesToTheIntervalThatMuLawsDecisionValuesGive() {
        // G.711 table 2a: one interval of 1, 15 of 2, then 16 each of 4, 8 … 256, in 14-bit units of 4
        List<Integer> decisions = new ArrayList<>(List.of(0, 4));
        addIntervals(decisions, 15, 2 * 4);
        for (int width = 4; width <= 256; width *= 2) {
            addIntervals(decisions, 16, width * 4);
        }
        assertThat(decisions.getLast()).isEqualTo(8159 * 4);
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            int character = 0xff - interval(decisions, Math.abs(sample));
            assertThat(G711Law.MU.encode((short) sample) & 0xff)
                    .as("sample %d", sample)
                    .isEqualTo(sample < 0 ? character & 0x7f : character);
        }
    }

    @Test
    void everySampleGoesToTheIntervalThatALawsDecisionValuesGive() {
        // G.711 table 1a: 32 intervals of 2, then 16 each of 4, 8 … 128, in 13-bit units of 8
        List<Integer> decisions = new ArrayList<>(List.of(0));
        addIntervals(decisions, 32, 2 * 8);
        for (int width = 4; width <= 128; width *= 2) {
            addIntervals(decisions, 16, width * 8);
        }
        assertThat(decisions.getLast()).isEqualTo(4096 * 8);
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            int character = (0x80 | interval(decisions, Math.abs(sample))) ^ 0x55;
            assertThat(G711Law.A.encode((short) sample) & 0xff)
                    .as("sample %d", sample)
                    .isEqualTo(sample < 0 ? character & 0x7f : character);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeDecodesAsSoxDecodesIt(G711Law law) throws Exception {
        byte[] codes = new byte[256];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        ByteBuffer expected = ByteBuffer.wrap(sox(codes, raw(law), List.of("-e", "signed", "-b", "16", "-L")))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (byte code : codes) {
            assertThat(law.decode(code)).as("code %x", code).isEqualTo(expected.getShort());
        }
        assertThat(expected.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everySampleOnTheCodersOwnGridEncodesAsSoxEncodesIt(G711Law law) throws Exception {
        int grid = law == G711Law.MU ? 4 : 8; // sox rounds 16-bit samples to the coder's 14 or 13 bits first
        List<Short> samples = new ArrayList<>();
        for (int sample = -32_000; sample <= 32_000; sample += grid) {
            boolean halfWay = law == G711Law.A && sample < 0 && Math.abs(sample) % 16 == 0; // either neighbour is right
            if (!halfWay) {
                samples.add((short) sample);
            }
        }
        ByteBuffer pcm = ByteBuffer.allocate(samples.size() * 2).order(ByteOrder.LITTLE_ENDIAN);
        samples.forEach(pcm::putShort);
        byte[] expected =
                sox(pcm.array(), List.of("-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-L"), raw(law));
        assertThat(expected).hasSize(samples.size());
        for (int i = 0; i < expected.length; i++) {
            assertThat(law.encode(samples.get(i)))
                    .as("sample %d", samples.get(i))
                    .isEqualTo(expected[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecondPassChangesNothing(G711Law law) {
        for (int code = 0; code < 256; code++) {
            short sample = law.decode((byte) code);
            assertThat(law.decode(law.encode(sample))).isEqualTo(sample);
        }
    }

    private static void addIntervals(List<Integer> decisions, int count, int width) {
        for (int i = 0; i < count; i++) {
            decisions.add(decisions.getLast() + width);
        }
    }

    private static int interval(List<Integer> decisions, int magnitude) {
        int found = 0;
        while (found < 127 && decisions.get(found + 1) <= magnitude) {
            found++;
        }
        return found;
    }

    private static List<String> raw(G711Law law) {
        return List.of("-r", "8000", "-c", "1", "-b", "8", "-e", law == G711Law.MU ? "mu-law" : "a-law");
    }

    private static byte[] sox(byte[] input, List<String> from, List<String> to)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sox", "-D", "-t", "raw"));
        command.addAll(from);
        command.addAll(List.of("-", "-t", "raw"));
        command.addAll(to);
        command.add("-");
        Process sox = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread writer = Thread.ofVirtual().start(() -> write(sox, input));
        byte[] output = sox.getInputStream().readAllBytes();
        writer.join();
        assertThat(sox.waitFor()).isZero();
        return output;
    }

    private static void write(Process sox, byte[] input) {
        try (OutputStream in = sox.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.ringdown.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What only the native library can show. */
final class LibOpusTest {
    private static final int FRAME = 160;

    @Test
    void aLibraryThatIsNotThereIsMissingForAReasonAndNoException() {
        assertThat(LibOpusLibrary.Search.search(List.of("libnosuchopus.so.7")))
                .isEqualTo(new LibOpusLibrary.Missing("none of libnosuchopus.so.7 can be loaded"));
    }

    @Test
    void onlyVersionsWithTheDecodersCorrectionsAreTaken() {
        assertThat(List.of("libopus 1.3", "libopus 1.3.1", "libopus 1.5.2-fixed", "libopus 2.0"))
                .allMatch(LibOpusLibrary::isRecent);
        assertThat(List.of("libopus 1.1.2", "libopus 1.2.1", "libopus 0.9", "libopus unknown", ""))
                .noneMatch(LibOpusLibrary::isRecent);
    }

    @Test
    void eachSystemHasItsNamesForTheLibrary() {
        assertThat(LibOpusLibrary.Search.candidates("Linux")).containsExactly("libopus.so.0", "libopus.so");
        assertThat(LibOpusLibrary.Search.candidates("Mac OS X")).contains("/opt/homebrew/lib/libopus.0.dylib");
        assertThat(LibOpusLibrary.Search.candidates("Windows 11")).contains("opus.dll");
    }

    @Test
    void ourReadingOfTheFramingAgreesWithTheLibrarys() {
        long seed = 6_716L;
        Random random = new Random(seed);
        NativeMemory.Pool pool = new NativeMemory.Pool(LibOpusFunctions.decoderSize(), 8_000);
        NativeMemory memory = pool.take();
        Workspace workspace = new Workspace();
        byte[] packet = new byte[1_500];
        for (int i = 0; i < 60_000; i++) {
            random.nextBytes(packet);
            int length = random.nextInt(1, random.nextBoolean() ? 12 : packet.length);
            if (random.nextBoolean()) {
                packet[1] &= (byte) 0xc7; // few frames: more of them fit
            }
            LibOpusFunctions.decoderInit(memory.state(), 8_000);
            MemorySegment.copy(packet, 0, workspace.nativePacket(), JAVA_BYTE, 0, length);
            int theirs = LibOpusFunctions.decode(
                    memory.state(), workspace.nativePacket(), length, workspace.nativePcm(), pool.mostSamples(), 0);
            int ours = OpusPacket.samples(packet, 0, length, 8_000);
            assertThat(ours < 0 ? -1 : ours)
                    .as("seed %d round %d length %d toc %x %x", seed, i, length, packet[0], packet[1])
                    .isEqualTo(theirs < 0 ? -1 : theirs);
        }
    }

    @Test
    void aFrameAllocatesNothing() {
        Codecs codecs = Codecs.load(OpusSettings.defaults());
        for (AudioCodec codec : AudioCodec.values()) {
            assertThat(bytesPerFrame(codecs, codec)).as("%s", codec).isLessThan(1.0);
        }
    }

    private static double bytesPerFrame(Codecs codecs, AudioCodec codec) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rate = codec.sampleRate(AudioCodec.PCMU);
        try (AudioEncoder encoder = codecs.encoder(codec, rate);
                AudioDecoder decoder = codecs.decoder(codec, rate)) {
            encoder.expectedLoss(10);
            exercise(encoder, decoder, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            exercise(encoder, decoder, 10_000);
            return (threads.getCurrentThreadAllocatedBytes() - before) / 10_000.0;
        }
    }

    private static void exercise(AudioEncoder encoder, AudioDecoder decoder, int frames) {
        short[] pcm = Tones.tone(300, 8_000, FRAME, 9_000);
        short[] heard = new short[FRAME];
        byte[] packet = new byte[300];
        for (int i = 0; i < frames; i++) {
            int length = encoder.encode(pcm, FRAME, packet, 0, packet.length);
            if (i % 16 == 0) {
                decoder.conceal(heard, FRAME);
            } else if (i % 16 == 1) {
                decoder.decodeFec(packet, 0, length, heard, FRAME);
            }
            decoder.decode(packet, 0, length, heard);
        }
    }
}

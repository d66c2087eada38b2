package io.ringdown.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer asks of a browser's Opus encoder (RFC 7587 §6.1), as browsers follow it.
 *
 * @param playbackRate {@code maxplaybackrate}, in Hz: how wide a band is worth sending
 * @param bitrate {@code maxaveragebitrate}, in bits a second; where the answer has none, what browsers send for that band
 */
record OpusAsked(int playbackRate, int bitrate) {
    /** What our gateway asks where the trunk has a band of 4 kHz. */
    static final OpusAsked TELEPHONE = new OpusAsked(8_000, 32_000);

    private static final int FULLBAND = 48_000;

    /** Of the payload type of Opus in this answer. */
    static OpusAsked of(String answer, int payloadType) {
        Matcher line = Pattern.compile("(?im)^a=fmtp:" + payloadType + " (.*)$").matcher(answer);
        String parameters = line.find() ? line.group(1).toLowerCase(Locale.ROOT) : "";
        int rate = number("maxplaybackrate", parameters, FULLBAND);
        return new OpusAsked(rate, number("maxaveragebitrate", parameters, usualBitrate(rate)));
    }

    /** At which its encoder runs here: the lowest rate that has the band, and no more than the recording has. */
    int sampleRate() {
        return playbackRate <= 8_000 ? 8_000 : Speech.RATE;
    }

    /** Measured of Chromium and Firefox. */
    private static int usualBitrate(int playbackRate) {
        if (playbackRate <= 8_000) {
            return 12_000;
        }
        return playbackRate <= 16_000 ? 20_000 : 32_000;
    }

    private static int number(String name, String parameters, int otherwise) {
        Matcher found = Pattern.compile("(?:^|[; ])" + name + "=(\\d{1,7})").matcher(parameters);
        return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
    }
}

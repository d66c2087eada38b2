package io.ringdown.media.sdp;

/**
 * What a session description may hold at most; checked before anything is made of it.
 *
 * @param characters of the whole text
 * @param lines of the whole text
 * @param mediaLines {@code m=}
 * @param candidates {@code a=candidate}
 */
public record SdpLimits(int characters, int lines, int mediaLines, int candidates) {
    public SdpLimits {
        if (characters < 1 || lines < 1 || mediaLines < 1 || candidates < 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** 64 KiB, 500 lines, 8 media, 50 candidates. */
    public static SdpLimits defaults() {
        return new SdpLimits(65_536, 500, 8, 50);
    }
}

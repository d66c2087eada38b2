package io.ringdown.bench.fidelity;

/**
 * One row of a table: what both ends and the gateway do about losses.
 *
 * @param name as the table shows it
 * @param road which way the sound goes, and where packets get lost
 * @param browser its encoder and its ear
 * @param gateway what it does about what is missing, and its encoder
 */
record Setup(String name, Road road, Browser browser, Gateway gateway) {

    /** Which way the sound goes, and where packets get lost. */
    enum Road {
        /** Opus of the browser's to the trunk; lost before the gateway. */
        WEB_TO_TRUNK("Opus from the browser, lost on the web leg, heard at the trunk"),
        /** G.711 straight through; lost before the gateway. */
        G711_TO_TRUNK("G.711 from the browser, lost on the web leg, heard at the trunk"),
        /** G.711 of the trunk's to the browser as Opus; lost before the gateway. */
        TRUNK_TO_WEB("G.711 from the trunk, lost on the trunk leg, heard in the browser as Opus"),
        /** The same; lost behind the gateway. */
        TRUNK_TO_LOSSY_WEB("G.711 from the trunk, lost on the web leg, heard in the browser as Opus");

        private final String shown;

        Road(String shown) {
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }

        boolean isUp() {
            return this == WEB_TO_TRUNK || this == G711_TO_TRUNK;
        }
    }

    /**
     * The browser.
     *
     * @param maxBandwidth what {@code maxplaybackrate} makes it ask of its encoder (opus_defines.h)
     * @param bitrate of its encoder
     * @param fec whether its packets carry copies, and its ear uses those in ours
     * @param red whether it offers RED, and so sends it and may be sent it
     */
    record Browser(int maxBandwidth, int bitrate, boolean fec, boolean red) {
        static final int NARROWBAND = 1101;
        static final int WIDEBAND = 1103;
        static final int FULLBAND = 1105;

        /** What our answer asks for. */
        static Browser usual() {
            return new Browser(NARROWBAND, 32_000, true, false);
        }

        Browser withoutFec() {
            return new Browser(maxBandwidth, bitrate, false, red);
        }

        Browser withRed() {
            return new Browser(maxBandwidth, bitrate, fec, true);
        }
    }

    /** What stands where a frame is missing. */
    enum Missing {
        /** Nothing is heard. */
        SILENCE,
        /** No packet leaves, so that the far end makes it up. */
        GAP,
        /** The gateway makes it up. */
        CONCEALED
    }

    /**
     * The gateway.
     *
     * @param missing what stands where a frame is missing
     * @param takesFec whether copies in the browser's packets are used
     * @param hearsReports whether it learns what the browser loses, and so protects what it sends
     * @param bitrate of its encoder
     * @param complexity of its encoder
     * @param dtx whether its encoder leaves out silence
     */
    record Gateway(Missing missing, boolean takesFec, boolean hearsReports, int bitrate, int complexity, boolean dtx) {
        /** As it is by default. */
        static Gateway usual() {
            return new Gateway(Missing.CONCEALED, true, true, 32_000, 0, false);
        }

        Gateway withMissing(Missing other) {
            return new Gateway(other, takesFec, hearsReports, bitrate, complexity, dtx);
        }

        Gateway withoutFec() {
            return new Gateway(missing, false, false, bitrate, complexity, dtx);
        }

        Gateway withEncoder(int otherBitrate, int otherComplexity, boolean otherDtx) {
            return new Gateway(missing, takesFec, hearsReports, otherBitrate, otherComplexity, otherDtx);
        }
    }
}

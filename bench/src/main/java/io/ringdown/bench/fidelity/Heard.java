package io.ringdown.bench.fidelity;

/**
 * What came out of a call.
 *
 * @param samples at {@link Speech#TELEPHONE_RATE}
 * @param firstMillis when the first of them could be heard at the earliest, in virtual time; the speech began at 0
 * @param arrivals what the ear got
 * @param cpuNanos what the gateway's part has cost
 * @param callNanos how long the call was
 * @param octets of payload that crossed the web leg, in the direction heard
 */
@SuppressWarnings("ArrayRecordComponent") // never compared with its samples
record Heard(double[] samples, double firstMillis, Arrivals arrivals, long cpuNanos, long callNanos, long octets) {

    /** An ear at the trunk: G.711 as it comes, silence where nothing came in time. */
    static double[] byTelephone(Arrivals arrivals) {
        int frame = Speech.TELEPHONE_RATE / 50;
        double[] samples = new double[(int) (arrivals.last() - arrivals.first()) + frame];
        for (long place = arrivals.first(); place <= arrivals.last(); place += frame) {
            int at = (int) (place - arrivals.first());
            arrivals.at(place).ifPresent(codes -> System.arraycopy(MuLaw.decode(codes), 0, samples, at, codes.length));
        }
        return samples;
    }

    /** An ear in a browser: the frame, or the copy of it in the next one, or what libopus makes up. */
    static double[] byBrowser(Arrivals arrivals, boolean takesFec) {
        int frame = Speech.BROWSER_RATE / 50;
        double[] samples = new double[(int) (arrivals.last() - arrivals.first()) + frame];
        OpusDecoder decoder = new OpusDecoder(Speech.BROWSER_RATE);
        for (long place = arrivals.first(); place <= arrivals.last(); place += frame) {
            int at = (int) (place - arrivals.first());
            var payload = arrivals.at(place);
            var next = arrivals.at(place + frame);
            short[] pcm = payload.isPresent()
                    ? decoder.decode(payload.get())
                    : takesFec && next.isPresent() ? decoder.decodeCopy(next.get()) : decoder.conceal();
            for (int i = 0; i < frame; i++) {
                samples[at + i] = pcm[i];
            }
        }
        return Resampler.resample(samples, Speech.BROWSER_RATE, Speech.TELEPHONE_RATE);
    }
}

package io.ringdown.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** For how long the telephone does not hear the browser, by ear: a fifth of a second at a time, by sox and by frequency. */
final class Gap {

    private static final int WINDOW_MILLIS = 200;
    private static final int ENOUGH =
            3; // windows in a row with the tone: it is there again, and this was no echo of before
    private static final double FAINTEST_DBFS = -30;

    private Gap() {}

    /**
     * Listens for a while after something has happened.
     *
     * @param since when that was, {@code System.nanoTime()}
     * @return milliseconds from then until the tone was there again after its longest absence; 0: it was never away
     */
    static long after(Trial trial, FarEnd far, long since, long millis, double hz) {
        long end = since + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            Tools.pause(20);
        }
        List<FarEnd.Packet> all = far.received();
        long heardAgain = 0;
        int longest = 0;
        int away = 0;
        int there = ENOUGH;
        for (long from = 0; from + WINDOW_MILLIS <= millis; from += WINDOW_MILLIS) {
            long begin = since + TimeUnit.MILLISECONDS.toNanos(from);
            if (heard(trial, between(all, begin, begin + TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS)), hz)) {
                there++;
            } else {
                away = there < ENOUGH ? away + 1 : 1;
                there = 0;
                if (away > longest) { // of two that are as long the first: the other is a pause of the machine
                    longest = away;
                    heardAgain = from + WINDOW_MILLIS;
                }
            }
        }
        return heardAgain;
    }

    private static List<FarEnd.Packet> between(List<FarEnd.Packet> all, long begin, long end) {
        List<FarEnd.Packet> some = new ArrayList<>();
        for (FarEnd.Packet packet : all) {
            if (packet.payloadType() <= 9 && packet.arrivalNanos() - begin >= 0 && packet.arrivalNanos() - end < 0) {
                some.add(packet);
            }
        }
        return some;
    }

    private static boolean heard(Trial trial, List<FarEnd.Packet> packets, double hz) {
        if (packets.size() < WINDOW_MILLIS / 20 / 2) {
            return false;
        }
        Sound sound = Ear.of(trial.directory(), "window", packets);
        return sound.levelDbfs() > FAINTEST_DBFS && Math.abs(sound.dominantHz() - hz) < 20 && sound.shareOf(hz) > 0.8;
    }
}

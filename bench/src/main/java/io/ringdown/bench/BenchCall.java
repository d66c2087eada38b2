package io.ringdown.bench;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call with both its ends in our hands. Blocks; for a thread of its own. */
final class BenchCall {
    private static final long GLANCE_MILLIS = 5;

    private final Driver driver;
    private final Conversation conversation;
    private final WebLeg web;
    private final TrunkCall trunk;

    /**
     * The times of a set-up in nanoseconds.
     *
     * @param answer from the offer to our answer
     * @param ice from there to the first answered check
     * @param dtls from there to the keys
     * @param answered from the offer to the far end's 200
     * @param voice from the 200 to a mark heard at both ends; the first mark is spoken 100 ms after an end begins to talk
     */
    record Times(long answer, long ice, long dtls, long answered, long voice) {}

    BenchCall(Driver driver) throws IOException {
        this.driver = driver;
        conversation = new Conversation(new Delay(driver.toTrunk()), new Delay(driver.toWeb()));
        web = new WebLeg(driver, conversation);
        trunk = new TrunkCall(driver, conversation);
    }

    /** Sets it up until both ends have heard each other. */
    Times begin() throws CallFailedException, InterruptedException {
        String number = driver.nextNumber();
        driver.trunk().expect(number, trunk);
        long begin = System.nanoTime();
        WebLeg.Setup setup = web.dial(number);
        long answered = await(trunk.answered(), "no INVITE at the trunk");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Driver.PATIENCE_SECONDS);
        while (!conversation.isHeardBothWays()) {
            if (System.nanoTime() - deadline > 0) {
                throw new CallFailedException("not heard: %d marks at the trunk, %d at the browser"
                        .formatted(
                                conversation.toTrunk().marks(),
                                conversation.toWeb().marks()));
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        return new Times(
                setup.answerNanos(),
                setup.iceNanos(),
                setup.dtlsNanos(),
                answered - begin,
                System.nanoTime() - answered);
    }

    /** Whether its delays take part in the figures. */
    void count(boolean on) {
        conversation.count(on);
    }

    int shifts() {
        return conversation.toTrunk().shifts() + conversation.toWeb().shifts();
    }

    /** Ends it at the browser; returns when the BYE has come to the far end. */
    void end() throws CallFailedException, InterruptedException {
        try {
            web.hangUp();
            await(trunk.ended(), "no BYE at the trunk");
        } finally {
            trunk.end();
        }
    }

    /** Ends what there is of it, come what may. */
    void abandon() throws InterruptedException {
        try {
            web.hangUp();
        } catch (CallFailedException e) {
            // it has failed already, for a reason that is told
        } finally {
            trunk.end();
        }
    }

    private static long await(CompletableFuture<Long> event, String otherwise)
            throws CallFailedException, InterruptedException {
        try {
            return event.get(Driver.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CallFailedException(otherwise);
        }
    }
}

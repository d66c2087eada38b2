package io.ringdown.sip.jain;

import io.ringdown.sip.dialog.Methods;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.jain.OutsideRequests.Outcome;
import io.ringdown.sip.locate.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the addresses of one trunk by OPTIONS whether they are there (RFC 3261 11). Safe for all threads. */
final class Pings {
    private static final Logger LOG = LoggerFactory.getLogger(Pings.class);
    private static final int OVERLOADED = 503;

    private final Trunk trunk;
    private final OutsideRequests outside;
    private final Writing writing;
    private final Executor executor;

    Pings(Trunk trunk, OutsideRequests outside, Writing writing, Executor executor) {
        this.trunk = trunk;
        this.outside = outside;
        this.writing = writing;
        this.executor = executor;
    }

    /** Sends those that are due; returns at once. */
    void sendDue() {
        for (Target target : trunk.targets().duePings()) {
            try {
                executor.execute(() -> send(target));
            } catch (RejectedExecutionException e) {
                LOG.trace("closed");
            }
        }
    }

    private void send(Target target) {
        Listening from = trunk.listening(target);
        String host = from.advertised().uriHost();
        String domain = trunk.settings().address().uri();
        Writing.Identity identity = new Writing.Identity(
                writing.token() + "@" + host, "<sip:" + host + ">", writing.token(), "<" + domain + ">", "");
        OutRequest options = new OutRequest(
                "OPTIONS",
                1,
                domain,
                trunk.routes(List.of()),
                Optional.empty(),
                Methods.ofOptions(trunk.terms().info(), trunk.terms().transfers()),
                Optional.empty(),
                Optional.empty());
        outside.send(
                options, identity, trunk, target, outcome -> trunk.targets().onPing(target, isAlive(outcome)));
    }

    // Whatever it says, somebody is there to say it; but 503 is "not now" (RFC 3261 21.5.4).
    private static boolean isAlive(Outcome outcome) {
        return outcome instanceof Outcome.Answered answered
                && answered.response().getStatusCode() != OVERLOADED;
    }
}

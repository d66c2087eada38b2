package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.jain.Counters.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ways to UDP trunks open through NAT, by line ends from where they are served. Safe for all threads. */
final class OpenWays {
    private static final Logger LOG = LoggerFactory.getLogger(OpenWays.class);

    private final GuardedNetwork network;
    private final Counters counters;

    OpenWays(GuardedNetwork network, Counters counters) {
        this.network = network;
        this.counters = counters;
    }

    /** Sends to where the trunk is known to be; nothing where it is not reached by UDP, or not found yet. */
    void keepOpen(Trunk trunk) {
        if (trunk.settings().address().transport() != SipTransport.UDP) {
            return;
        }
        Listening at = trunk.listening();
        try {
            Optional<InetAddress> to = trunk.destination(0);
            if (to.isPresent()) {
                network.keepOpen(
                        new InetSocketAddress(at.settings().address(), at.port()),
                        new InetSocketAddress(
                                to.get(), trunk.settings().address().port()));
            }
        } catch (IOException e) {
            counters.count(Counter.SEND_FAILURES);
            LOG.debug("the way to trunk {} is not kept open: {}", trunk.name(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

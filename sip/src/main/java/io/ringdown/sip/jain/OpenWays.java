package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
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

    /** Sends to wherever the trunk is known to be by UDP. */
    void keepOpen(Trunk trunk) {
        trunk.targets().order().stream()
                .filter(target -> target.transport() == SipTransport.UDP)
                .forEach(target -> keepOpen(trunk, target));
    }

    private void keepOpen(Trunk trunk, Target target) {
        Listening at = trunk.listening(target);
        try {
            network.keepOpen(
                    new InetSocketAddress(at.settings().address(), at.port()),
                    new InetSocketAddress(target.address(), target.port()));
        } catch (IOException e) {
            counters.count(Counter.SEND_FAILURES);
            LOG.debug("the way to trunk {} is not kept open: {}", trunk.name(), e.toString());
        }
    }
}

package io.ringdown.media.ice;

import io.ringdown.media.AddressSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.harvest.AwsCandidateHarvester;
import org.ice4j.ice.harvest.StunMappingCandidateHarvester;
import org.jspecify.annotations.Nullable;

/** Learns the address by which the world sees this machine, by ice4j's mapping harvesters. Blocks; asked once, at start. */
public final class PublicAddress {

    private PublicAddress() {}

    /** The public address, or nothing if the source does not answer. */
    public static Optional<InetAddress> ask(AddressSource source, InetAddress local) {
        TransportAddress mask = switch (source) {
            case AddressSource.Aws _ -> new AwsCandidateHarvester().getMask();
            case AddressSource.Stun stun -> ask(stun, local);
        };
        return Optional.ofNullable(mask).map(InetSocketAddress::getAddress);
    }

    private static @Nullable TransportAddress ask(AddressSource.Stun stun, InetAddress local) {
        TransportAddress from = new TransportAddress(local, 0, Transport.UDP);
        TransportAddress server = new TransportAddress(stun.host(), stun.port(), Transport.UDP);
        StunMappingCandidateHarvester harvester = new StunMappingCandidateHarvester(from, server);
        harvester.discover();
        return harvester.getMask();
    }
}

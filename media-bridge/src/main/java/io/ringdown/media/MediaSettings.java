package io.ringdown.media;

import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.codec.OpusSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How media run: the key {@code media} of the configuration.
 *
 * @param web the browsers' side
 * @param trunkPorts RTP and RTCP towards trunks: an even port and the odd one above it for each call
 * @param silence when a leg that says nothing is reported
 * @param opus how we encode towards browsers
 * @param bridge how packets are forwarded
 * @param dscp how packets are marked for the routers on their way (RFC 2474), on both legs
 */
public record MediaSettings(
        Web web, PortRange trunkPorts, Silence silence, OpusSettings opus, BridgeSettings bridge, int dscp) {
    private static final int EXPEDITED_FORWARDING = 46; // RFC 3246, RFC 4594 §4.1
    private static final int MOST_DSCP = 63;

    public MediaSettings {
        if (trunkPorts.size() < 2 || trunkPorts.first() < 1024) {
            throw new IllegalArgumentException("trunk-ports: " + trunkPorts
                    + " holds no pair above 1023; a call needs two ports, so write a range like 20000-49999");
        }
        if (web.ports().first() != 0
                && web.ports().first() <= trunkPorts.last()
                && trunkPorts.first() <= web.ports().last()) {
            throw new IllegalArgumentException("trunk-ports: " + trunkPorts + " overlaps web.ports " + web.ports()
                    + "; choose ranges apart, like 20000-49999 and 10000-10007");
        }
        if (dscp < 0 || dscp > MOST_DSCP) {
            throw new IllegalArgumentException(
                    "dscp: " + dscp + " is out of range; write 0 to 63, 46 (EF) for voice, 0 for no mark");
        }
    }

    /** Packets marked as voice. */
    public MediaSettings(Web web, PortRange trunkPorts, Silence silence, OpusSettings opus, BridgeSettings bridge) {
        this(web, trunkPorts, silence, opus, bridge, EXPEDITED_FORWARDING);
    }

    /** What holds where the file says nothing. */
    public static MediaSettings defaults() {
        return new MediaSettings(
                Web.defaults(),
                new PortRange(20_000, 49_999),
                Silence.defaults(),
                OpusSettings.defaults(),
                BridgeSettings.defaults());
    }

    /**
     * The browsers' side.
     *
     * @param listen local addresses, IPv4 and IPv6; none stands for every address of this machine except loopback and
     *     link-local, or loopback where there is no other
     * @param advertise the addresses told to browsers, where they are others than {@code listen} (NAT)
     * @param ports one for each media loop; all of them must be open from outside, so that another number of cores changes
     *     no firewall rule
     * @param discover where to learn the public address at start; nothing is asked unless this is set
     * @param tcpPorts one for each media loop too, for browsers that get no UDP through (RFC 6544)
     */
    public record Web(
            List<InetAddress> listen,
            List<InetAddress> advertise,
            PortRange ports,
            Optional<AddressSource> discover,
            TcpPorts tcpPorts) {
        public Web {
            listen = List.copyOf(listen);
            advertise = List.copyOf(advertise);
            for (InetAddress address : advertise) {
                if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                    throw new IllegalArgumentException("advertise: " + address.getHostAddress()
                            + " cannot be sent to; write the address by which browsers reach this machine");
                }
            }
            if (tcpPorts instanceof TcpPorts.Range range && range.ports().size() < ports.size()) {
                throw new IllegalArgumentException("tcp-ports: " + range.ports() + " has fewer ports than ports ("
                        + ports + "); write as many, or same, or off");
            }
        }

        /** TCP ports of the same numbers. */
        public Web(
                List<InetAddress> listen,
                List<InetAddress> advertise,
                PortRange ports,
                Optional<AddressSource> discover) {
            this(listen, advertise, ports, discover, new TcpPorts.Same());
        }

        /** Every address of this machine, ports 10000 to 10007, nothing discovered. */
        public static Web defaults() {
            return new Web(List.of(), List.of(), new PortRange(10_000, 10_007), Optional.empty());
        }
    }

    /**
     * When silence of a leg is reported.
     *
     * @param webFirst of the web leg, for calls whose signalling is gone too
     * @param web of the web leg, for all
     * @param trunk of the trunk leg while it should send; on hold of one that has sent reports, 25 s at the least
     */
    public record Silence(Duration webFirst, Duration web, Duration trunk) {
        public Silence {
            atLeast("web-first", webFirst, Duration.ofSeconds(2));
            atLeast("web", web, webFirst);
            atLeast("trunk", trunk, Duration.ofSeconds(2));
        }

        /** 10, 30 and 60 seconds. */
        public static Silence defaults() {
            return new Silence(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60));
        }

        private static void atLeast(String key, Duration value, Duration least) {
            if (value.compareTo(least) < 0) {
                throw new IllegalArgumentException(
                        key + ": " + value.toMillis() + "ms is too short; write at least " + least.toMillis() + "ms");
            }
        }
    }
}

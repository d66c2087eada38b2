package io.ringdown.gateway.signaling;

import java.time.InstantSource;
import java.util.List;

/**
 * What clients are told of STUN and TURN servers, made anew for each {@code welcome}.
 *
 * @param servers as they are configured
 * @param clock the time of day: credentials are good until a time that the TURN server knows too
 */
record IceServers(List<IceServer> servers, InstantSource clock) {
    IceServers {
        servers = List.copyOf(servers);
    }

    /** For this session. */
    List<ServerMessage.Ice> told(String session) {
        return servers.stream()
                .map(server -> server.told(session, clock.instant()))
                .toList();
    }
}

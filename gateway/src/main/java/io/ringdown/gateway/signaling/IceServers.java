package io.ringdown.gateway.signaling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/**
 * What clients are told of STUN and TURN servers, made anew for each {@code welcome}.
 *
 * @param servers as they are configured
 * @param clock the time of day: credentials are good until a time that the TURN server knows too
 */
record IceServers(List<IceServer> servers, InstantSource clock) {
    private static final int NAME_BYTES = 8;

    IceServers {
        servers = List.copyOf(servers);
    }

    /** For whom a token names: always by the same name, so that a TURN server can count what each of them has. */
    List<ServerMessage.Ice> told(String subject) {
        return servers.stream()
                .map(server -> server.told(name(subject), clock.instant()))
                .toList();
    }

    /** Short, without a colon, and nothing that the TURN server's log has to know. */
    private static String name(String subject) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every Java", e);
        }
    }
}

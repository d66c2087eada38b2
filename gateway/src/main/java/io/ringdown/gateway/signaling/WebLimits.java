package io.ringdown.gateway.signaling;

/**
 * What one client address may do at this web server; of IPv6 it is the network of 64 bits that counts, for that is what one
 * client has.
 *
 * @param connectionsPerAddress TCP connections that it may have open, sockets among them; those of a reverse proxy of ours are
 *     not counted, for they are everybody's
 * @param requestsPerSecondPerAddress HTTP requests, those that ask for a socket among them; in one burst four seconds' worth
 */
public record WebLimits(int connectionsPerAddress, int requestsPerSecondPerAddress) {
    public WebLimits {
        check("connections-per-address", connectionsPerAddress, 100_000);
        check("requests-per-second-per-address", requestsPerSecondPerAddress, 1_000_000);
    }

    /** 256 connections; 100 requests a second, of which a page needs some fifty. */
    public static WebLimits defaults() {
        return new WebLimits(256, 100);
    }

    private static void check(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " is out of range; write 1 to " + most);
        }
    }
}

package io.ringdown.gateway.agents;

import io.ringdown.gateway.tokens.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where users are asked for whom the configuration does not have.
 *
 * @param url of the directory; https, http only on this machine
 * @param authorization what it is shown in that header
 * @param timeout how long an answer may take
 * @param keep how long an answer is good
 * @param keepMissing how long it is good that there is nobody of that name
 * @param keepFailing how long the last answer is good while the directory gives none
 */
public record DirectorySettings(
        Optional<URI> url,
        Optional<Secret> authorization,
        Duration timeout,
        Duration keep,
        Duration keepMissing,
        Duration keepFailing) {
    private static final Pattern HEADER = Pattern.compile("[!-~]([ -~]*[!-~])?"); // RFC 9110 §5.5

    public DirectorySettings {
        url.ifPresent(DirectorySettings::requireSafe);
        url.ifPresent(DirectorySettings::requireComplete);
        authorization.ifPresent(DirectorySettings::requireHeader);
        requireWithin("timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(4));
        requireWithin("keep", keep, Duration.ZERO, Duration.ofHours(24));
        requireWithin("keep-missing", keepMissing, Duration.ZERO, Duration.ofHours(24));
        requireWithin("keep-failing", keepFailing, Duration.ZERO, Duration.ofHours(24));
    }

    /** No directory. */
    public static DirectorySettings defaults() {
        return new DirectorySettings(
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofHours(1));
    }

    private static void requireSafe(URI url) {
        boolean isEncrypted = "https".equals(url.getScheme());
        boolean isHere = "http".equals(url.getScheme()) && url.getHost() != null && isLocal(url.getHost());
        if (url.getHost() == null || !(isEncrypted || isHere)) {
            throw new IllegalArgumentException("url: " + url
                    + " could be answered by anybody on the way; write https://… (http only for localhost)");
        }
    }

    /** That a question can be put behind it, and nothing of it is lost on the way. */
    private static void requireComplete(URI url) {
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException("url: " + url.getPort() + " is no port; write 1 to 65535, or none");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "url: what stands before the @ is not sent; leave it out, and write authorization: \"Basic …\"");
        }
        if (url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "url: #" + url.getRawFragment() + " is not sent, nor what is asked behind it; leave it out");
        }
    }

    private static void requireHeader(Secret authorization) {
        if (!HEADER.matcher(authorization.reveal()).matches()) {
            throw new IllegalArgumentException(
                    "authorization: has a line end or another character that no header carries; write one line of"
                            + " printable ASCII characters, such as \"Bearer …\"");
        }
    }

    private static boolean isLocal(String host) {
        try {
            return host.equals("localhost")
                    || InetAddress.ofLiteral(host.replace("[", "").replace("]", ""))
                            .isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static void requireWithin(String key, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + time.toMillis() + "ms is out of range; write "
                    + least.toMillis() + "ms to " + most.toSeconds() + "s");
        }
    }
}

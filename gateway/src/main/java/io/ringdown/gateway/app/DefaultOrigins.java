package io.ringdown.gateway.app;

import io.ringdown.gateway.signaling.ListenAddress;
import io.ringdown.gateway.signaling.Origin;
import io.ringdown.gateway.signaling.WebSettings;
import java.util.List;
import java.util.stream.Stream;

/** Which pages may use a gateway whose configuration does not say: on loopback its own, under its local names. */
final class DefaultOrigins {
    private DefaultOrigins() {}

    static RingdownSettings filledIn(RingdownSettings settings) {
        WebSettings web = settings.web();
        if (!web.origins().isEmpty() || !web.loopback()) {
            return settings;
        }
        String scheme = web.tls() == WebSettings.Tls.OFF ? "http" : "https";
        int ownPort = web.tls() == WebSettings.Tls.OFF ? 80 : 443;
        List<Origin> own = web.listen().stream()
                .map(ListenAddress::port)
                .distinct()
                .map(port -> port == ownPort ? "" : ":" + port)
                .flatMap(port -> Stream.of("127.0.0.1", "localhost", "[::1]").map(host -> scheme + "://" + host + port))
                .map(Origin::new)
                .toList();
        return settings.withWeb(web.withOrigins(own));
    }
}

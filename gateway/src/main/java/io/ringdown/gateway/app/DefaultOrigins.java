package io.ringdown.gateway.app;

import io.ringdown.gateway.signaling.Origin;
import io.ringdown.gateway.signaling.WebSettings;
import java.util.List;

/** Which pages may use a gateway whose configuration does not say: on loopback its own, under its local names. */
final class DefaultOrigins {
    private DefaultOrigins() {}

    static RingdownSettings filledIn(RingdownSettings settings) {
        WebSettings web = settings.web();
        if (!web.origins().isEmpty() || !web.listen().loopback()) {
            return settings;
        }
        String scheme = web.tls() == WebSettings.Tls.OFF ? "http" : "https";
        int ownPort = web.tls() == WebSettings.Tls.OFF ? 80 : 443;
        String port = web.listen().port() == ownPort ? "" : ":" + web.listen().port();
        WebSettings filled = new WebSettings(
                web.listen(),
                web.tls(),
                web.certificate(),
                web.key(),
                List.of(
                        new Origin(scheme + "://127.0.0.1" + port),
                        new Origin(scheme + "://localhost" + port),
                        new Origin(scheme + "://[::1]" + port)),
                web.behindProxy(),
                web.iceServers(),
                web.socketsPerAddress());
        return settings.withWeb(filled);
    }
}

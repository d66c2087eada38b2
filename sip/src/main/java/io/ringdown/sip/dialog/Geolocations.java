package io.ringdown.sip.dialog;

import io.ringdown.sip.Geolocation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the caller is, by Geolocation and the body that it names (RFC 6442 4.1). Pure. */
public final class Geolocations {
    private static final String CID = "cid:"; // RFC 2392

    private Geolocations() {}

    /**
     * The first that is there: a document counts only where the body has it.
     *
     * @param values those of Geolocation
     * @param contentType that of the body; empty where it has none
     */
    public static Optional<Geolocation> of(List<String> values, Optional<String> contentType, byte[] body) {
        return AddressValue.all(values).stream()
                .flatMap(value -> read(value.uri(), contentType, body).stream())
                .findFirst();
    }

    private static Optional<Geolocation> read(String uri, Optional<String> contentType, byte[] body) {
        if (!uri.toLowerCase(Locale.ROOT).startsWith(CID)) {
            return Optional.of(new Geolocation.ByReference(uri));
        }
        String contentId = SipText.unescaped(uri.substring(CID.length()));
        return contentType.flatMap(type -> Bodies.named(type, body, contentId)).map(Geolocation.ByValue::new);
    }
}

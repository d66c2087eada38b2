package io.ringdown.sip.dialog;

import java.nio.charset.StandardCharsets;

/**
 * Where the caller is, as a document in the body of an INVITE beside its offer (RFC 6442 4.1). Pure.
 *
 * @param document PIDF-LO (RFC 4119) in XML
 * @param contentId what Geolocation names it by, without brackets
 * @param boundary what stands between the parts; nobody can guess it, so no part can hold it
 */
public record LocationPart(String document, String contentId, String boundary) {
    private static final String LINE = "\r\n";

    /** The value of Geolocation that means it (RFC 2392). */
    public String geolocation() {
        return "<cid:" + contentId + ">";
    }

    /** The value of Content-Type. */
    public String contentType() {
        return "multipart/mixed;boundary=\"" + boundary + "\"";
    }

    /** The whole body: the offer first, for peers that look no further (RFC 5621 3.1); the document may be ignored (8.1). */
    public byte[] around(String sdp) {
        String body = part("application/sdp", "Content-Disposition: session" + LINE, sdp)
                + part(
                        "application/pidf+xml",
                        "Content-ID: <" + contentId + ">" + LINE + "Content-Disposition: by-reference;handling=optional"
                                + LINE,
                        document)
                + "--" + boundary + "--" + LINE;
        return body.getBytes(StandardCharsets.UTF_8);
    }

    // The line end before a boundary belongs to that (RFC 2046 5.1.1).
    private String part(String type, String head, String content) {
        return "--" + boundary + LINE + "Content-Type: " + type + LINE + head + LINE + content + LINE;
    }

    @Override
    public String toString() {
        return "LocationPart[" + document.length() + " characters]";
    }
}

package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoBody;
import java.util.Optional;

/**
 * What an INFO request has beyond others.
 *
 * @param packaged whether it has an Info-Package header (RFC 6086 4.2.2)
 * @param bytes how long its body is; 0 where it has none
 * @param body its body; empty where there is none, where it is longer than {@link InfoBody#MAX_BYTES}, or without a media type
 */
public record InfoRequest(boolean packaged, int bytes, Optional<InfoBody> body) {}

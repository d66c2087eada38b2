package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.OutRequest;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sip.message.Request;

/**
 * The ACKs for 2xx that a call has sent, of its last dialogs: a 2xx that comes again is answered by the very same again (RFC 3261
 * 13.2.2.4), branch and all, for one with another branch is another ACK. One thread at a time.
 */
final class SentAcks {
    private static final int MAX_KEPT = 16; // as many forks as a call has

    private final Map<Key, Request> sent = new LinkedHashMap<>(4, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Request> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Key(OutRequest request, SipTransport over) {}

    /** Writes one. */
    interface Writer {
        Request write() throws ParseException;
    }

    /** What was sent for it by this transport, or else what is written now. */
    Request of(OutRequest out, SipTransport over, Writer writer) throws ParseException {
        Key key = new Key(out, over);
        Request before = sent.get(key);
        if (before != null) {
            return before;
        }
        Request ack = writer.write();
        sent.put(key, ack);
        return ack;
    }
}

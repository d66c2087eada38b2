package io.ringdown.sip.jain;

import gov.nist.javax.sip.SIPConstants;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPRequest;
import java.util.List;
import java.util.Locale;
import javax.sip.message.Request;

/**
 * A request that has come. Its transaction is found by all that RFC 3261 17.2.3 names: the branch and sent-by of its top Via, and
 * its method, where an ACK counts as its INVITE. The stack asks for the branch alone, and leaves the second of two peers that have
 * drawn the same, or copied it, without an answer. As safe for threads as the stack's.
 */
final class KeyedRequest extends SIPRequest {
    private String connection = "";
    private transient List<String> credentials = List.of();

    /**
     * It came by this connection, and its transaction is only found by what comes by the same.
     *
     * @param shown the values of its Authorization headers as they came: the stack takes no others than digest for well-formed
     */
    void cameBy(String ofConnection, List<String> shown) {
        connection = "|" + ofConnection;
        credentials = shown;
    }

    /** The values of its Authorization headers. */
    List<String> credentials() {
        return credentials;
    }

    @Override
    public String getTransactionId() {
        String id = super.getTransactionId();
        Via via = getTopmostVia();
        if (via == null || !id.startsWith(SIPConstants.BRANCH_MAGIC_COOKIE_LOWER_CASE)) {
            return id; // RFC 2543: made of everything that the request has
        }
        String method = getCSeq().getMethod();
        return id + "|" + via.getSentBy().encode().toLowerCase(Locale.ROOT) + "|"
                + (method.equals(Request.ACK) ? Request.INVITE : method) + connection;
    }
}

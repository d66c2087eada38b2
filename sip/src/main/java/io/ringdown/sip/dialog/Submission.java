package io.ringdown.sip.dialog;

import java.util.Optional;

/**
 * A request of ours within a dialog that waits for its final response, and is sent once more where it is challenged (RFC 3261
 * 22.2).
 *
 * @param request as it was made, without credentials
 * @param sent as it left
 * @param attempt 1 for the first
 */
record Submission(OutRequest request, OutRequest sent, int attempt) {

    /** The first, with credentials where a nonce is known. */
    static Submission of(OutRequest request, Terms terms) {
        OutRequest sent = terms.authorizer()
                .ahead(request.method(), request.target(), request.body())
                .map(request::with)
                .orElse(request);
        return new Submission(request, sent, 1);
    }

    boolean isOf(String method, long cseq) {
        return request.method().equals(method) && request.cseq() == cseq;
    }

    /** The one to send after this response; empty where it is no challenge, or one that cannot be answered. */
    Optional<Submission> after(InResponse response, Dialog dialog, Terms terms) {
        if (response.status() != 401 && response.status() != 407) {
            return Optional.empty();
        }
        // Once; once more where the nonce was only too old.
        int allowed = terms.authorizer().stale(response.challenges()) ? 3 : 2;
        if (attempt >= allowed) {
            return Optional.empty();
        }
        return terms.authorizer()
                .answer(response.status(), response.challenges(), request.method(), request.target(), request.body())
                .map(credentials -> {
                    OutRequest again = dialog.again(request);
                    return new Submission(again, again.with(credentials), attempt + 1);
                });
    }
}

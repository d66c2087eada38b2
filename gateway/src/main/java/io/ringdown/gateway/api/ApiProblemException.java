package io.ringdown.gateway.api;

/** A request that is answered with a problem. */
final class ApiProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ApiReply reply;

    ApiProblemException(ApiReply reply) {
        super("status " + reply.status());
        this.reply = reply;
    }

    ApiProblemException(int status, String code, String detail) {
        this(ApiReply.problem(status, code, detail));
    }

    ApiReply reply() {
        return reply;
    }
}

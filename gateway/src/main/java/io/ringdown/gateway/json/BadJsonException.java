package io.ringdown.gateway.json;

/** JSON that is not what was to be read. The message says where and what would be right, and repeats no value. */
public final class BadJsonException extends Exception {
    public BadJsonException(String message) {
        super(message);
    }
}

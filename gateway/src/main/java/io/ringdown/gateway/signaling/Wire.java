package io.ringdown.gateway.signaling;

/** One client's socket, as a session sees it. Thread-safe; returns at once. */
interface Wire {
    /** Sends a message, after those before it. */
    void send(String text);

    /** Sends a ping. */
    void ping();

    /** Sends a ping whose answer is told apart from others, to {@link Conversation#onAnswer}. */
    void ask();

    /** Ends the connection at once: the client does not read, or is not there any more. */
    void cut();

    /** Closes the socket with this status (RFC 6455 §7.4) once what was sent has left. */
    void close(int status, String reason);
}

package io.ringdown.gateway.signaling;

/** What is said over one {@link TextSocket}, in which words ever. One thread at a time; returns soon. */
interface Conversation {
    /** The socket is open. */
    void onOpen();

    /** One whole text message. */
    void onText(String text);

    /** Whether a binary message is taken as the text that it has in UTF-8; where not, it ends the socket. */
    boolean takesBinary();

    /** A pong to what {@link Wire#ask} has asked. */
    void onAnswer();

    /** The client has closed the socket, and said that it is done. */
    void onLeft();

    /** The socket is gone, for whatever other reason. */
    void onGone();
}

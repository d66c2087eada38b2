package io.ringdown.media;

/** The two sides of a session, each of which says something and hears something. */
public enum Side {
    WEB,
    TRUNK
}

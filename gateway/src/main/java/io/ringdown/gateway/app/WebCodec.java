package io.ringdown.gateway.app;

/** What browsers speak on calls with a trunk. */
public enum WebCodec {
    /** Opus, and one of the trunk's codecs only with a browser that has none. */
    OPUS,
    /** The trunk's own codecs: a tenth of the CPU, since nothing is transcoded, and no repair of what the internet loses. */
    G711,
    /** The trunk's own codecs while the browser's path is clean, Opus when it is not. */
    AUTO
}

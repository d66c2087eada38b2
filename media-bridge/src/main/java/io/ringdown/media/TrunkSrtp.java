package io.ringdown.media;

/** Whether media with a trunk are encrypted, by keys in SDP (SDES: RFC 4568). */
public enum TrunkSrtp {
    /** Plain RTP; offers of RTP/SAVP are refused. */
    OFF,
    /** Plain RTP is offered with keys beside it (OSRTP: RFC 8643); encrypted if the trunk can, plain if it cannot. */
    BEST_EFFORT,
    /** RTP/SAVP and nothing else. */
    REQUIRED
}

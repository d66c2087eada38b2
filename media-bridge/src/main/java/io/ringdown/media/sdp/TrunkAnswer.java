package io.ringdown.media.sdp;

/** Our answer to a trunk's offer, and what the leg carries from then on. */
public record TrunkAnswer(String sdp, TrunkFormat format) {}

package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Optional;

/**
 * What a client that comes back is shown of a call, beside where it stands.
 *
 * @param incoming what those were told who were rung; empty for a call out
 * @param from the number that a call out was asked to show
 * @param muted whether the telephone hears silence
 * @param secureInput whether digits are kept from those who listen
 * @param mediaWanted whether the gateway has no media towards the browser, and waits for an offer
 * @param conference the call whose telephone hears this one's, and is heard by it
 */
public record CallFace(
        Optional<CallNews.Incoming> incoming,
        Optional<PhoneNumber> from,
        boolean muted,
        boolean secureInput,
        boolean mediaWanted,
        Optional<CallId> conference) {}

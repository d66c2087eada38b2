package io.ringdown.sip.dialog;

import java.util.List;
import java.util.Optional;

/** A trunk that knows us by address: challenges are not answered. */
public record NoCredentials() implements Authorizer {
    @Override
    public Optional<SipHeader> answer(int status, List<String> challenges, String method, String uri, byte[] body) {
        return Optional.empty();
    }

    @Override
    public Optional<SipHeader> ahead(String method, String uri, byte[] body) {
        return Optional.empty();
    }

    @Override
    public boolean stale(List<String> challenges) {
        return false;
    }
}

package io.ringdown.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Request;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long NOW = -5;

    private static Request request(String method, String to, String more) throws ParseException {
        try {
            return SipFactory.getInstance()
                    .createMessageFactory()
                    .createRequest(method + " sip:pbx.example SIP/2.0\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\r\n"
                            + "From: <sip:alice@pbx.example>;tag=1\r\nTo: " + to + "\r\nCall-ID: c\r\nCSeq: 1 " + method
                            + "\r\n" + more + "\r\n");
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Proof password(long at) {
        return new Proof("alice", "101", at, Optional.empty(), false);
    }

    private static Proof token(Optional<Duration> lasts) {
        return new Proof("alice", "alice", NOW, Optional.of(new Proof.Token(lasts)), false);
    }

    @Test
    void aPasswordThatWasShownLongAgoBeginsNothingButCallsGoOn() throws ParseException {
        Request invite = request("INVITE", "<sip:1@pbx.example>", "");
        Request bye = request("BYE", "<sip:1@pbx.example>;tag=2", "");
        Proof old = password(NOW - HOUR.toNanos());

        assertThat(password(NOW - HOUR.toNanos() + 1).isEnoughFor(invite, HOUR, NOW))
                .isTrue();
        assertThat(old.isEnoughFor(invite, HOUR, NOW)).isFalse();
        assertThat(old.isEnoughFor(bye, HOUR, NOW)).isTrue();
        assertThat(password(NOW).inDoubt().isEnoughFor(invite, HOUR, NOW)).isFalse();
        assertThat(password(NOW).inDoubt().isEnoughFor(bye, HOUR, NOW)).isTrue();
    }

    @Test
    void aTokenIsForTheRoomToJudge() throws ParseException {
        Proof over = token(Optional.of(Duration.ofSeconds(1)));
        long later = NOW + HOUR.toNanos() * 2;

        assertThat(over.isEnoughFor(request("INVITE", "<sip:1@pbx.example>", ""), HOUR, later))
                .isTrue();
        assertThat(over.inDoubt().isEnoughFor(request("INVITE", "<sip:1@pbx.example>", ""), HOUR, NOW))
                .isFalse();
        assertThat(over.secondsLeft(later))
                .hasValueSatisfying(left -> assertThat(left).isNegative());
        assertThat(token(Optional.empty()).secondsLeft(later)).isEmpty();
        assertThat(token(Optional.of(Duration.ofSeconds(Long.MAX_VALUE))).secondsLeft(later))
                .as("one for ever")
                .hasValueSatisfying(left ->
                        assertThat(left).isGreaterThan(Duration.ofDays(1).toSeconds()));
    }

    @Test
    void whoRegistersShowsItEachTimeAndWhoLeavesDoesNot() throws ParseException {
        for (String stays : new String[] {
            "",
            "Contact: <sip:u@a.invalid>\r\n",
            "Contact: <sip:u@a.invalid>;expires=60\r\nExpires: 0\r\n",
            "Contact: <sip:u@a.invalid>;expires=0\r\nContact: <sip:v@a.invalid>\r\n"
        }) {
            assertThat(password(NOW).isEnoughFor(request("REGISTER", "<sip:alice@pbx.example>", stays), HOUR, NOW))
                    .as(stays)
                    .isFalse();
        }
        for (String leaves : new String[] {
            "Contact: <sip:u@a.invalid>;expires=0\r\n",
            "Contact: <sip:u@a.invalid>\r\nExpires: 0\r\n",
            "Contact: *\r\nExpires: 0\r\n"
        }) {
            assertThat(password(NOW).isEnoughFor(request("REGISTER", "<sip:alice@pbx.example>", leaves), HOUR, NOW))
                    .as(leaves)
                    .isTrue();
            assertThat(password(NOW - HOUR.toNanos())
                            .isEnoughFor(request("REGISTER", "<sip:alice@pbx.example>", leaves), HOUR, NOW))
                    .as("long ago: " + leaves)
                    .isFalse();
            assertThat(token(Optional.of(HOUR))
                            .inDoubt()
                            .isEnoughFor(request("REGISTER", "<sip:alice@pbx.example>", leaves), HOUR, NOW))
                    .as("in doubt: " + leaves)
                    .isFalse();
        }
    }
}

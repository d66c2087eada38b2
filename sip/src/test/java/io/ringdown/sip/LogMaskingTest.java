package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What whole calls leave in the log, at every level. */
final class LogMaskingTest {
    private static final String[] SECRETS = {
        "12025550100", "12025550199", "4930123456", "12025550111", "Ada", "Bob", "a-secret-password", "Digest"
    };

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.ringdown.sip");
    private final AppenderBase<ILoggingEvent> keeper = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : " " + event.getThrowableProxy().getMessage()));
        }
    };
    private Level before = Level.WARN;

    @BeforeEach
    void listen() {
        before = ours.getLevel();
        ours.setLevel(Level.TRACE);
        ours.setAdditive(false);
        keeper.setContext(ours.getLoggerContext());
        keeper.start();
        ours.addAppender(keeper);
    }

    @AfterEach
    void stop() {
        ours.detachAppender(keeper);
        ours.setAdditive(true);
        ours.setLevel(before);
    }

    @Test
    void challengedCallOutLeavesNeitherNumbersNorCredentials() {
        try (Sipp sipp = Sipp.uas("uas-auth-refused");
                Gateway gateway = Gateway.towards(withPassword(sipp.port()))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Failed.class);
            assertThat(sipp.messages()).contains("12025550100", "12025550199", "Digest");
            assertLog(call.callId());
        }
    }

    @Test
    void callInLeavesNoNumbers() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-cancel", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().ring();
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertLog(in.call().callId());
        }
    }

    private void assertLog(String callId) {
        assertThat(lines).anySatisfy(line -> assertThat(line).contains(callId, "…"));
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }

    private static TrunkSettings withPassword(int port) {
        TrunkSettings d = TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP));
        return new TrunkSettings(
                d.address(),
                Optional.of("user"),
                Optional.of(new Secret("a-secret-password")),
                Optional.of("ringdown.test"),
                d.fromUser(),
                d.fromDomain(),
                d.assertedIdentity(),
                d.allow(),
                d.listen(),
                d.silentAfter(),
                d.noAnswerAfter(),
                d.reliableProvisional(),
                d.headers());
    }
}

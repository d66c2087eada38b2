package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

final class NoPayloadsTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void theWebServerSaysNothingBelowInfoWhateverIsAskedFor() {
        NoPayloads.install(context);
        assertThat(written()).containsExactly("web INFO", "ours TRACE");
    }

    @Test
    void aConfigurationThatIsReadAgainChangesNothing() {
        NoPayloads.install(context);
        context.reset();
        assertThat(written()).containsExactly("web INFO", "ours TRACE");
    }

    private List<String> written() {
        ListAppender<ILoggingEvent> kept = new ListAppender<>();
        kept.setContext(context);
        kept.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.TRACE);
        root.addAppender(kept);
        Logger web = context.getLogger("org.eclipse.jetty.websocket.core");
        web.trace("web TRACE");
        web.debug("web DEBUG");
        web.info("web INFO");
        context.getLogger("io.ringdown.gateway").trace("ours TRACE");
        return kept.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}

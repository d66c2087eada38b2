package io.ringdown.gateway.call;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients, and who sees what they are told. Watchers see it first, so that whoever asks them because of what a client was told
 * finds them knowing it; but that a call is over they see last, for then they may give its client the next one, which must not come
 * before the end of the last. Thread-safe, as they are.
 */
public final class WatchedClients implements Clients {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedClients.class);

    private final Clients inner;
    private final List<NewsWatcher> watchers;

    /** These clients, seen by these. */
    public WatchedClients(Clients inner, List<NewsWatcher> watchers) {
        this.inner = inner;
        this.watchers = List.copyOf(watchers);
    }

    @Override
    public boolean tell(ClientId client, CallId call, CallNews news) {
        if (news instanceof CallNews.Over) {
            try {
                return inner.tell(client, call, news);
            } finally {
                watch(client, call, news);
            }
        }
        watch(client, call, news);
        return inner.tell(client, call, news);
    }

    private void watch(ClientId client, CallId call, CallNews news) {
        for (NewsWatcher watcher : watchers) {
            try {
                watcher.told(client, call, news);
            } catch (RuntimeException bug) {
                LOG.error("call {}: a watcher of its news has failed; the call goes on", call, bug);
            }
        }
    }
}

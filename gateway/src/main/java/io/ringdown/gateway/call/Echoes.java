package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Per;
import io.ringdown.media.EchoSession;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.SdpRejectedException;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tests before calls: browsers that hear themselves. They are no calls: not counted as such, not written down, without a
 * number and a trunk. Thread-safe; every method returns at once.
 */
public final class Echoes {
    private static final Logger LOG = LoggerFactory.getLogger(Echoes.class);

    /** At once, from one address: a house full of people behind one, and not a machine that asks for all there are. */
    static final int MOST_OF_ADDRESS = 10;

    private final CallRooms rooms;
    private final BooleanSupplier hasRoom;
    private final Map<ClientId, Live> tests = new ConcurrentHashMap<>();
    private final Map<String, Integer> ofAddresses = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final Map<EndCause, AtomicLong> ended = new EnumMap<>(EndCause.class);

    /** Tests beside calls in the same rooms, while these have room. */
    Echoes(CallRooms rooms, BooleanSupplier hasRoom) {
        this.rooms = rooms;
        this.hasRoom = hasRoom;
        for (EndCause cause : EndCause.values()) {
            ended.put(cause, new AtomicLong());
        }
    }

    /** What a client asks for. */
    public record Request(ClientId client, Optional<String> ref, InetAddress from, String offer) {}

    /**
     * Begins a test; everything else is told to its client. If it cannot begin, its client is told at once that it is over.
     *
     * @return false if the client has one already; then nothing has happened
     */
    public boolean begin(CallId id, Request request) {
        if (tests.containsKey(request.client)) {
            return false;
        }
        Live test = new Live(id, request);
        if (!hasRoom.getAsBoolean() || !admit(request.from)) {
            count(EndCause.OVERLOADED);
            test.tell(new CallNews.Over(request.ref, Ending.of(EndCause.OVERLOADED)));
            return true;
        }
        if (tests.putIfAbsent(request.client, test) != null) {
            leave(request.from);
            return false;
        }
        test.steps.execute(test::open);
        return true;
    }

    /** Ends a test by its client's wish; false if the client has no such one (any more). */
    public boolean hangUp(CallId id, ClientId client, Optional<String> ref) {
        Live test = tests.get(client);
        if (test == null || !test.id.equals(id)) {
            return false;
        }
        test.steps.execute(() -> test.end(Ending.of(EndCause.NORMAL), ref));
        return true;
    }

    /** The client is away or gone: nobody listens. */
    public void leave(ClientId client) {
        Live test = tests.get(client);
        if (test != null) {
            test.steps.execute(() -> test.end(Ending.of(EndCause.SOCKET_LOST), Optional.empty()));
        }
    }

    /** How many there are now. */
    public int now() {
        return admitted.get();
    }

    /** How many have ended so. */
    public long ended(EndCause cause) {
        return Optional.ofNullable(ended.get(cause)).map(AtomicLong::get).orElse(0L);
    }

    /** Ends all of them. */
    void close() {
        for (Live test : tests.values()) {
            test.steps.execute(() -> test.end(Ending.of(EndCause.SHUTDOWN), Optional.empty()));
        }
    }

    private boolean admit(InetAddress from) {
        if (admitted.incrementAndGet() > rooms.settings().testsAtOnce()) {
            admitted.decrementAndGet();
            return false;
        }
        if (ofAddresses.merge(Per.network(from), 1, Integer::sum) > MOST_OF_ADDRESS) {
            leave(from);
            return false;
        }
        return true;
    }

    private void leave(InetAddress from) {
        ofAddresses.computeIfPresent(Per.network(from), (_, count) -> count == 1 ? null : count - 1);
        admitted.decrementAndGet();
    }

    private void count(EndCause cause) {
        Optional.ofNullable(ended.get(cause)).ifPresent(AtomicLong::incrementAndGet);
    }

    /** One of them: performs what its {@link EchoCall} decides. On its own {@link Serial}. */
    private final class Live {
        private final CallId id;
        private final Request request;
        private final Serial steps = new Serial(rooms.executor());
        private final EchoCall call;
        private @Nullable EchoSession media;
        private Runnable cancelWakeup = () -> {};

        Live(CallId id, Request request) {
            this.id = id;
            this.request = request;
            this.call = new EchoCall(
                    rooms.settings().connectTimeout(), rooms.clock().getAsLong());
        }

        void open() {
            if (call.isOver()) { // its client has gone meanwhile
                return;
            }
            try {
                EchoSession opened = rooms.media().openEcho(EchoCall.LONGEST, this::onMedia);
                media = opened;
                tell(new CallNews.Answer(request.ref, opened.answerWeb(request.offer)));
                wakeLater();
            } catch (SdpRejectedException rejected) {
                String why = String.valueOf(rejected.getMessage());
                end(Ending.of(EndCause.MEDIA_REFUSED, why), request.ref);
            } catch (RuntimeException bug) {
                LOG.error("test {} has failed", id, bug);
                end(Ending.of(EndCause.INTERNAL), request.ref);
            }
        }

        private void onMedia(MediaEvent event) {
            steps.execute(() -> {
                call.on(event, rooms.clock().getAsLong()).ifPresent(how -> over(how, Optional.empty()));
                wakeLater();
            });
        }

        private void onTime() {
            call.onTime(rooms.clock().getAsLong()).ifPresent(how -> over(how, Optional.empty()));
            wakeLater();
        }

        private void wakeLater() {
            cancelWakeup.run();
            if (!call.isOver()) {
                long delay = Math.max(0, call.deadlineNanos() - rooms.clock().getAsLong());
                cancelWakeup = rooms.timers().after(delay, () -> steps.execute(this::onTime));
            }
        }

        void end(Ending how, Optional<String> ref) {
            call.end(how).ifPresent(ending -> over(ending, ref));
        }

        private void over(Ending how, Optional<String> ref) {
            cancelWakeup.run();
            EchoSession opened = media;
            if (opened != null) {
                opened.close();
            }
            tests.remove(request.client, this);
            Echoes.this.leave(request.from);
            count(how.cause());
            LOG.info("test {} over: {}", id, how.cause().code());
            tell(new CallNews.Over(ref, how));
        }

        void tell(CallNews news) {
            rooms.clients().tell(request.client, id, news);
        }
    }
}

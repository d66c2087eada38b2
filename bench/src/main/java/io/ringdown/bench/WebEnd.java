package io.ringdown.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The side of the browsers, in a process of its own: sets calls up, holds them and ends them, as it is told. One thread asks. */
final class WebEnd implements AutoCloseable {
    static final int PATIENCE_SECONDS = 10;

    private static final long GLANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int TOGETHER_SECONDS = 3;

    private final Side side;
    private final URI gateway;
    private final DtlsClient dtls = new DtlsClient();
    private final HttpClient http = HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();
    private final Map<Integer, WebLeg> legs = new ConcurrentHashMap<>();
    private final AtomicLong serials = new AtomicLong();

    /** How far a call is set up before it counts. */
    enum Depth {
        /** Signalling alone: an offer, an answer, the far end's 200. */
        SIGNALLING,
        /** With ICE and DTLS. */
        KEYS,
        /** Until each end has heard the other. */
        VOICE
    }

    WebEnd(EndSettings settings) throws IOException {
        side = new Side("web", settings, settings.web(), settings.webLine());
        gateway = settings.gateway();
    }

    Side side() {
        return side;
    }

    HttpClient http() {
        return http;
    }

    DtlsClient dtls() {
        return dtls;
    }

    HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    URI callUri(String number) {
        return gateway.resolve("/v1/calls/" + number);
    }

    /** Sets up the calls of these places, some at a time; they stay. Blocks. */
    Tally.Reading dial(int from, int to, int parallel) throws InterruptedException {
        Tally tally = new Tally();
        AtomicInteger next = new AtomicInteger(from);
        together(parallel, () -> {
            for (int place = next.getAndIncrement(); place < to; place = next.getAndIncrement()) {
                tally(tally, place, Depth.VOICE);
            }
        });
        return tally.read();
    }

    /** Ends the calls of these places. Blocks until the far end has been told of each. */
    Tally.Reading hangUp(int from, int to, int parallel) throws InterruptedException {
        Tally tally = new Tally();
        AtomicInteger next = new AtomicInteger(from);
        together(parallel, () -> {
            for (int place = next.getAndIncrement(); place < to; place = next.getAndIncrement()) {
                WebLeg leg = legs.remove(place);
                if (leg != null) {
                    try {
                        end(leg, place);
                        tally.onDone(new Tally.Times(0, 0, 0, 0, 0));
                    } catch (CallFailedException e) {
                        tally.onFailed(e);
                    }
                }
            }
        });
        return tally.read();
    }

    /** Calls that come and go: a number of them, or until the time is over; each ends as soon as it stands. Blocks. */
    Tally.Reading churn(long calls, double seconds, int parallel, Depth depth) throws InterruptedException {
        Tally tally = new Tally();
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        AtomicLong begun = new AtomicLong();
        AtomicInteger places = new AtomicInteger();
        together(parallel, () -> {
            while (begun.getAndIncrement() < calls && System.nanoTime() - deadline < 0) {
                int place = Math.floorMod(places.getAndIncrement(), side.board().places());
                try {
                    Tally.Times times = begin(place, depth);
                    end(java.util.Objects.requireNonNull(legs.remove(place)), place);
                    tally.onDone(times);
                } catch (CallFailedException e) {
                    tally.onFailed(e);
                }
            }
        });
        return tally.read();
    }

    /** Calls that begin at one moment, stand together for some seconds, and end at one moment. Blocks. */
    Tally.Reading atOnce(int calls) throws InterruptedException {
        Tally tally = new Tally();
        AtomicInteger places = new AtomicInteger();
        CountDownLatch allUp = new CountDownLatch(calls);
        together(calls, () -> {
            int place = places.getAndIncrement();
            Tally.@Nullable Times times = null;
            try {
                times = begin(place, Depth.VOICE);
            } catch (CallFailedException e) {
                tally.onFailed(e);
            } finally {
                allUp.countDown();
            }
            if (times != null) {
                var _ = allUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                Thread.sleep(TimeUnit.SECONDS.toMillis(TOGETHER_SECONDS));
                try {
                    end(java.util.Objects.requireNonNull(legs.remove(place)), place);
                    tally.onDone(times);
                } catch (CallFailedException e) {
                    tally.onFailed(e);
                }
            }
        });
        return tally.read();
    }

    private void tally(Tally tally, int place, Depth depth) throws InterruptedException {
        try {
            tally.onDone(begin(place, depth));
        } catch (CallFailedException e) {
            tally.onFailed(e);
        }
    }

    private Tally.Times begin(int place, Depth depth) throws CallFailedException, InterruptedException {
        Board board = side.board();
        board.clear(place);
        long serial = serials.incrementAndGet();
        board.set(place, Board.Fact.SERIAL, serial);
        WebLeg leg = leg(place);
        try {
            WebLeg.Setup setup = leg.dial(Numbers.of(place, serial), depth != Depth.SIGNALLING);
            await(place, Board.Fact.ANSWERED_AT, "no INVITE at the trunk, or none with its codec");
            long answeredAt = board.get(place, Board.Fact.ANSWERED_AT);
            long heardAt = 0;
            if (depth == Depth.VOICE) {
                await(place, Board.Fact.HEARD_AT_TRUNK, "the trunk hears no mark of the browser");
                await(place, Board.Fact.HEARD_AT_WEB, "the browser hears no mark of the trunk");
                heardAt = Math.max(
                        board.get(place, Board.Fact.HEARD_AT_TRUNK), board.get(place, Board.Fact.HEARD_AT_WEB));
            }
            legs.put(place, leg);
            return new Tally.Times(
                    setup.answerNanos(),
                    setup.iceNanos(),
                    setup.dtlsNanos(),
                    answeredAt - setup.begin(),
                    heardAt == 0 ? 0 : Math.max(1, heardAt - answeredAt));
        } catch (CallFailedException e) {
            abandon(leg);
            throw e;
        }
    }

    private WebLeg leg(int place) throws CallFailedException {
        try {
            return new WebLeg(this, place);
        } catch (IOException e) {
            throw new CallFailedException("no socket: " + e.getMessage());
        }
    }

    private void end(WebLeg leg, int place) throws CallFailedException, InterruptedException {
        leg.hangUp();
        await(place, Board.Fact.ENDED_AT, "no BYE at the trunk");
    }

    private static void abandon(WebLeg leg) throws InterruptedException {
        try {
            leg.hangUp();
        } catch (CallFailedException e) {
            // it has failed already, for a reason that is told
        }
    }

    private void await(int place, Board.Fact fact, String otherwise) throws CallFailedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (side.board().get(place, fact) == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new CallFailedException(otherwise);
            }
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }

    /** Work that several threads do. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private static void together(int threads, Work work) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("bench-caller-" + i).daemon().start(() -> {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        side.close();
    }
}

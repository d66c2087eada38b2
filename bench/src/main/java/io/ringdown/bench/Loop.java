package io.ringdown.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One thread that reads datagram sockets and keeps the time of everything on it. Methods are for any thread. */
final class Loop implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What lives on a loop; called on its thread only. */
    interface Member {
        /** Its socket has something to read; reads until there is nothing more. */
        void onReadable(DatagramChannel channel) throws IOException;

        /** The time is now; answers when it wants to be told again. */
        long onTime(long now);
    }

    private record Joining(Member member, DatagramChannel channel) {}

    private final Selector selector;
    private final Thread thread;
    private final Queue<Joining> joining = new ConcurrentLinkedQueue<>();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Loop(String name) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Reads this socket for the member, which keeps its time from then on. */
    void join(Member member, DatagramChannel channel) {
        joining.add(new Joining(member, channel));
        selector.wakeup();
    }

    /** Keeps its time no longer; its sockets leave by being closed. */
    void leave(Member member) {
        members.remove(member);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                take();
                long now = System.nanoTime();
                long next = now + TimeUnit.MILLISECONDS.toNanos(20);
                for (Member member : members) {
                    next = Math.min(next, member.onTime(now));
                }
                selector.select(this::read, Math.max(1, (next - System.nanoTime() + TICK_NANOS / 2) / TICK_NANOS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take() {
        for (Joining next = joining.poll(); next != null; next = joining.poll()) {
            try {
                next.channel().register(selector, SelectionKey.OP_READ, next.member());
                members.add(next.member());
            } catch (ClosedChannelException e) {
                // left before it came
            }
        }
    }

    private void read(SelectionKey key) {
        try {
            if (key.isValid()) {
                ((Member) key.attachment()).onReadable((DatagramChannel) key.channel());
            }
        } catch (IOException e) {
            // a refused port or a socket closed meanwhile: what is missed shows in the figures
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

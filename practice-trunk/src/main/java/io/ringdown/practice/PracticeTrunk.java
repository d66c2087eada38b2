package io.ringdown.practice;

import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.SipSettings;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.SipTrunks;
import io.ringdown.sip.TrunkAddress;
import io.ringdown.sip.TrunkSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The practice network, as a process of its own. It tells that it is ready by one line on standard output, and ends when its
 * standard input closes or its parent process ends, so that it never outlives whoever started it.
 */
public final class PracticeTrunk implements AutoCloseable {
    private final Exchange exchange;
    private final SipTrunks trunks;
    private final String ready;

    private PracticeTrunk(Exchange exchange, SipTrunks trunks, String ready) {
        this.exchange = exchange;
        this.trunks = trunks;
        this.ready = ready;
    }

    /** Plays the network until standard input closes; 2 for wrong arguments, 1 if it cannot start. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    @SuppressWarnings("SystemOut") // what is wrong is told to whoever started us
    private static int run(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.println(PracticeSettings.USAGE);
            return 0;
        }
        PracticeSettings settings;
        try {
            settings = PracticeSettings.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("practice-trunk: " + e.getMessage() + System.lineSeparator() + PracticeSettings.USAGE);
            return 2;
        }
        try (PracticeTrunk network = start(settings)) {
            network.awaitOrphaned();
            return 0;
        } catch (SipStartException | IOException e) {
            System.err.println("practice-trunk: " + e.getMessage());
            return 1;
        }
    }

    static PracticeTrunk start(PracticeSettings settings) throws SipStartException, IOException {
        // SIP and the exchange know each other; the exchange is told of SIP before its thread starts.
        CompletableFuture<SipTrunks> sip = new CompletableFuture<>();
        Exchange exchange =
                new Exchange(settings, (invite, listener) -> sip.join().invite(invite, listener));
        InboundCalls inbound = exchange::onInvite;
        SipTrunks trunks =
                SipTrunks.start(sipSettings(settings), Map.of(Exchange.GATEWAY, trunkSettings(settings)), inbound);
        sip.complete(trunks);
        exchange.start();
        String ready =
                "practice-trunk: ready, SIP on " + settings.sipListen() + " over UDP, gateway " + settings.gateway();
        return new PracticeTrunk(exchange, trunks, ready);
    }

    @Override
    public void close() {
        trunks.close();
        exchange.close();
    }

    private static SipSettings sipSettings(PracticeSettings settings) {
        ListenAddress listen = new ListenAddress(
                settings.address(),
                settings.sipListen().port().orElse(5060),
                Set.of(SipTransport.UDP),
                Optional.empty());
        return SipSettings.defaults()
                .withListen(List.of(listen))
                .withUserAgent("Ringdown practice trunk")
                .withMaxCalls(settings.maxCalls());
    }

    private static TrunkSettings trunkSettings(PracticeSettings settings) {
        return TrunkSettings.at(new TrunkAddress(
                        settings.gateway().host(), settings.gateway().port().orElse(5060), SipTransport.UDP))
                .withAllow(settings.allow());
    }

    @SuppressWarnings("SystemOut") // this line is what a parent process waits for
    private void awaitOrphaned() {
        System.out.println(ready);
        System.out.flush();
        CompletableFuture<Void> inputClosed = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("standard-input").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is expected; only its end counts.
                }
            } catch (IOException e) {
                // An input that cannot be read has ended too.
            }
            inputClosed.complete(null);
        });
        CompletableFuture<?> parentGone = ProcessHandle.current()
                .parent()
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(CompletableFuture::new);
        CompletableFuture.anyOf(inputClosed, parentGone).join();
    }
}

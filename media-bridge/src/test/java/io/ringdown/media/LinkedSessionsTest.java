package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sides of sessions that hear sides of others, on loops that are not the same, over real sockets. */
final class LinkedSessionsTest {
    private static final InetAddress CARRIER = InetAddress.ofLiteral("127.0.0.1");
    private static final WebCodecs PCMU = WebCodecs.one(List.of(AudioCodec.PCMU));
    private static final int LOUD_EXPONENT = 5;

    private final List<AutoCloseable> open = new ArrayList<>();
    private MediaEngine here;
    private MediaEngine there;
    private int sequence;

    /** Who sends either a loud sound or silence, 50 times a second, and tells what comes. */
    private interface End {
        void send(byte[] packet) throws Exception;

        byte @Nullable [] next() throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        here = MediaEngine.start(MediaEngineTest.settings());
        there = MediaEngine.start(MediaEngineTest.settings());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        here.close();
        there.close();
    }

    @Test
    void aTelephoneHearsThatOfAnotherCallUntilTheLinkIsClosedOrTheCallIsOver() throws Exception {
        MediaSession first = session(here);
        MediaSession second = session(there);
        End one = telephone(first);
        End other = telephone(second);
        SoundLink link = first.alsoHear(Side.TRUNK, second, Side.TRUNK);
        SoundLink back = second.alsoHear(Side.TRUNK, first, Side.TRUNK);
        assertThat(isHeard(one, other)).isTrue();
        assertThat(isHeard(other, one)).isTrue();
        assertThat(isHeard(one, one)).as("himself").isFalse();
        link.close();
        link.close();
        assertThat(isHeard(one, other)).isFalse();
        assertThat(isHeard(other, one)).isTrue();
        first.close();
        assertThat(isHeard(other, null)).isFalse();
        back.close();
    }

    @Test
    void whoIsAloneHearsWhatIsLinkedAndIsHeardWhereHeIsLinkedTo() throws Exception {
        Events events = new Events();
        LoneSession supervisor = there.openAlone(PCMU, events);
        open.add(supervisor);
        MediaSession call = session(here);
        End telephone = telephone(call);
        BrowserPeer browser = new BrowserPeer();
        open.add(browser);
        browser.onAnswer(supervisor.answerWeb(browser.offer()));
        browser.connect();
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        End ear = web(browser);
        assertThat(isHeard(ear, telephone)).isFalse();
        supervisor.alsoHear(Side.WEB, call, Side.TRUNK);
        assertThat(isHeard(ear, telephone)).isTrue();
        assertThat(isHeard(telephone, ear)).isFalse();
        call.alsoHear(Side.TRUNK, supervisor, Side.WEB);
        assertThat(isHeard(telephone, ear)).isTrue();
        assertThat(isHeard(ear, ear)).as("himself").isFalse();
        assertThat(supervisor.quality().web().counts().received()).isPositive();
        supervisor.close();
        supervisor.close();
        assertThat(browser.closedDtls(2_000)).isTrue();
        assertThat(isHeard(telephone, null)).isFalse();
    }

    @Test
    void whatCannotBeLinkedIsRefused() {
        MediaSession call = session(here);
        MediaSession other = session(here);
        LoneSession alone = here.openAlone(PCMU, new Events());
        open.add(alone);
        assertThatIllegalArgumentException().isThrownBy(() -> call.alsoHear(Side.TRUNK, call, Side.WEB));
        assertThatIllegalArgumentException().isThrownBy(() -> alone.alsoHear(Side.TRUNK, call, Side.WEB));
        assertThatIllegalArgumentException().isThrownBy(() -> call.alsoHear(Side.WEB, alone, Side.TRUNK));
        List<SoundLink> links = new ArrayList<>();
        for (int i = 0; i < Speaking.MOST_LINKS; i++) {
            links.add(call.alsoHear(Side.WEB, other, Side.TRUNK));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> call.alsoHear(Side.WEB, other, Side.TRUNK));
        call.alsoHear(Side.TRUNK, other, Side.TRUNK).close();
        links.getFirst().close();
        call.alsoHear(Side.WEB, other, Side.TRUNK);
    }

    private MediaSession session(MediaEngine engine) {
        MediaSession session = engine.open(PCMU, new Events());
        open.add(session);
        return session;
    }

    private End telephone(MediaSession session) throws Exception {
        TrunkPeer trunk = new TrunkPeer(CARRIER);
        open.add(trunk);
        trunk.onOffer(session.offerTrunk(CallTest.trunkMedia(CARRIER)));
        session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
        return new End() {
            @Override
            public void send(byte[] packet) throws IOException {
                trunk.send(packet);
            }

            @Override
            public byte @Nullable [] next() throws InterruptedException {
                return trunk.receive(0);
            }
        };
    }

    private static End web(BrowserPeer browser) {
        return new End() {
            @Override
            public void send(byte[] packet) throws IOException {
                browser.sendMedia(packet, packet.length);
            }

            @Override
            public byte @Nullable [] next() throws InterruptedException {
                return browser.receiveMedia(0);
            }
        };
    }

    /** Whether this end hears it when the other is loud for a second; nobody else says anything. */
    private boolean isHeard(End ear, @Nullable End loud) throws Exception {
        long heard = 0;
        for (int i = 0; i < 60; i++) {
            if (loud != null) {
                loud.send(rtp(sequence++, System.identityHashCode(loud)));
            }
            LockSupport.parkNanos(20_000_000);
            for (byte[] packet = ear.next(); packet != null; packet = ear.next()) {
                heard += i >= 20 && isLoud(packet) ? 1 : 0; // what is on its way is of before
            }
        }
        return heard > 20;
    }

    private static boolean isLoud(byte[] packet) {
        int loud = 0;
        for (int i = 12; i < packet.length; i++) {
            loud += ((~packet[i] & 0x70) >> 4) >= LOUD_EXPONENT ? 1 : 0;
        }
        return packet.length == 172 && (packet[1] & 0x7f) == 0 && loud > 60;
    }

    /** 1 kHz, as µ-law. */
    private static byte[] rtp(int number, int ssrc) {
        byte[] sound = new byte[160];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (byte) (i % 8 < 4 ? 0x90 : 0x10);
        }
        return ByteBuffer.allocate(172)
                .put((byte) 0x80)
                .put((byte) 0)
                .putShort((short) number)
                .putInt(number * 160)
                .putInt(ssrc)
                .put(sound)
                .array();
    }
}

package io.ringdown.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipSettings;
import io.ringdown.sip.web.WebSipWire;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import javax.sip.SipFactory;
import javax.sip.message.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which phones are known while calls of theirs begin and end. */
class PhonesTest {
    private static final InetAddress ADDRESS = WebProcessor.address(1);

    private final ScheduledThreadPoolExecutor timer = JainTrunks.daemon("test");
    private final Phones phones = new Phones(WebSipSettings.defaults(), new Nobody(), Runnable::run, timer);
    private WebChannel socket;
    private Request invite;

    @BeforeEach
    void open() throws Exception {
        WebStack stack = new WebStack(new GuardedParser(new Counters()), "phones-test", 10, Map.of());
        socket = new WebChannel(
                new WebProcessor(stack, ADDRESS, WebProcessor.PORT, "wss", Map.of()),
                ADDRESS,
                new NoWire(),
                new NoOwner());
        invite = SipFactory.getInstance()
                .createMessageFactory()
                .createRequest(String.join(
                        "\r\n",
                        "INVITE sip:1@pbx.example SIP/2.0",
                        "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1",
                        "From: <sip:alice@pbx.example>;tag=1",
                        "To: <sip:1@pbx.example>",
                        "Call-ID: c",
                        "CSeq: 1 INVITE",
                        "Contact: <sip:u@a.invalid;transport=ws>",
                        "",
                        ""));
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void aPhoneWhoseLastCallEndsWhileAnotherBeginsStaysKnown() {
        Phone phone = phones.calling(invite, socket, "alice");
        Phone again = phones.calling(invite, socket, "alice");
        phones.release(phone); // its first call is over at once

        assertThat(phones.calling(invite, socket, "alice")).isSameAs(again).isSameAs(phone);
        phones.release(again);
        phones.release(again);
        assertThat(phones.calling(invite, socket, "alice")).isNotSameAs(phone);
    }

    @Test
    void aPhoneThatIsNotRegisteredIsNotCalledAndNotForgottenInItsCall() {
        Phone phone = phones.calling(invite, socket, "alice");

        assertThat(phones.called(phone.id()).channel()).isEmpty();
        assertThat(phones.calling(invite, socket, "alice")).isSameAs(phone);
    }

    private static final class NoWire implements WebSipWire {
        @Override
        public void send(String message) {}

        @Override
        public void close(int status, String reason) {}

        @Override
        public InetAddress from() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public Optional<String> origin() {
            return Optional.empty();
        }
    }

    private static final class NoOwner implements WebChannel.Owner {
        private final Counters counters = new Counters();

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public GuardedParser parser() {
            return new GuardedParser(counters);
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public Supplier<String> tags() {
            return () -> "tag";
        }

        @Override
        public boolean mayPass(InetAddress address) {
            return true;
        }

        @Override
        public void ended(WebChannel channel) {}
    }

    /** A room that lets nobody in and hears of nothing. */
    private static final class Nobody implements WebSipRoom {
        @Override
        public Optional<Login> loginOf(String name) {
            return Optional.empty();
        }

        @Override
        public boolean isNameOfAnother(String name, String user) {
            return false;
        }

        @Override
        public boolean isEmergency(String called) {
            return false;
        }

        @Override
        public Optional<Bearer> bearerOf(String token, Optional<String> known, WebSipWire wire) {
            return Optional.empty();
        }

        @Override
        public void onRegistered(PhoneId phone, WebSipWire wire, Duration expires) {}

        @Override
        public void onUnregistered(PhoneId phone) {}

        @Override
        public void onAway(PhoneId phone) {}

        @Override
        public void onBack(PhoneId phone) {}

        @Override
        public TrunkListener onInvite(PhoneId phone, WebSipWire wire, InboundInvite invite, TrunkCall call) {
            return _ -> {};
        }

        @Override
        public void onWire(PhoneId phone, WebSipWire wire, TrunkCall call) {}
    }
}

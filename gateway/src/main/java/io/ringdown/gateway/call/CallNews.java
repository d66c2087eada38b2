package io.ringdown.gateway.call;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.Diverted;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a client is told of its call. {@link Over} is the last of them. */
public sealed interface CallNews {

    /** Our answer to the client's offer. */
    record Answer(Optional<String> ref, String sdp) implements CallNews {}

    /** Our offer, which {@link CallEvent.WebOfferWanted} has asked for. */
    record Offer(String sdp) implements CallNews {}

    /** The client's answer to our offer was taken: it has the call, as who is told {@link Answer} does, and its media are to run yet. */
    record Accepted() implements CallNews {}

    /** The client had better send this codec: by applying this answer to an offer of its own that changes nothing. */
    record Codec(AudioCodec codec, String sdp) implements CallNews {}

    /** What the trunk says on the way to an answer; {@code sip} is its status. */
    record Progress(Stage stage, OptionalInt sip) implements CallNews {
        /** How far it has come. */
        public enum Stage {
            TRYING,
            RINGING,
            EARLY_MEDIA;

            /** As the protocol writes it. */
            public String code() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    /** The far end has answered. */
    record Established() implements CallNews {}

    /**
     * A call comes in.
     *
     * @param transferredBy the extension, or else the name, of who in the house has it go here, and talks until somebody takes it
     * @param originated whether it is one out that was begun for who is rung: {@code to} is called when they take it
     */
    record Incoming(
            PhoneNumber to,
            Optional<String> from,
            Optional<String> name,
            Map<String, String> headers,
            Optional<Diverted> diverted,
            Optional<OfGroup> group,
            Optional<String> transferredBy,
            boolean originated)
            implements CallNews {
        /** Of a call to a group: which, and how long it has waited for somebody of it. */
        public record OfGroup(String name, Duration waited) {}

        /** One to this client's number that nobody here has sent. */
        public Incoming(
                PhoneNumber to,
                Optional<String> from,
                Optional<String> name,
                Map<String, String> headers,
                Optional<Diverted> diverted) {
            this(to, from, name, headers, diverted, Optional.empty(), Optional.empty(), false);
        }

        /** A call out that was begun for who is rung, to this number. */
        static Incoming originated(PhoneNumber to) {
            return new Incoming(
                    to,
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true);
        }

        /** The same, to a group. */
        Incoming ofGroup(OfGroup which) {
            return new Incoming(to, from, name, headers, diverted, Optional.of(which), transferredBy, originated);
        }

        /** The same, of somebody else by now. */
        Incoming by(Optional<String> number, Optional<String> shown) {
            return new Incoming(to, number, shown, headers, diverted, group, transferredBy, originated);
        }

        @Override
        public String toString() {
            return "Incoming[to=" + to + "]";
        }
    }

    /** The gateway has no media towards the client any more: it is to offer those of a new peer connection. */
    record Renew() implements CallNews {}

    /** The telephone pressed a digit. */
    record Pressed(Digit digit, Duration length, DtmfRoad road) implements CallNews {}

    /** The telephone flashed its hook. */
    record Flashed(DtmfRoad road) implements CallNews {}

    /** Whether digits are kept from those who listen, from now on. */
    record SecureInput(Optional<String> ref, boolean on) implements CallNews {}

    /** What became of a press towards the trunk; {@code ref} and {@code index} say whose it was, if it came by message. */
    record Receipt(long press, Optional<String> ref, OptionalInt index, PressReceipt receipt) implements CallNews {}

    /** How presses get to the trunk from now on. */
    record Road(DigitRoads.Choice choice) implements CallNews {}

    /** What the trunk's line sounds like. */
    record Heard(What what, Optional<Duration> length, OptionalInt hertz) implements CallNews {
        /** What was heard. */
        public enum What {
            SOUND,
            SILENCE,
            BEEP;

            /** As the protocol writes it. */
            public String code() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** Who holds, or holds no more. */
    enum HeldBy {
        BROWSER,
        TELEPHONE;

        /** As the protocol writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The call is on hold; by both, if this is told of both. */
    record Held(HeldBy by, Optional<String> ref) implements CallNews {}

    /** This side does not hold it any more. */
    record Resumed(HeldBy by, Optional<String> ref) implements CallNews {}

    /**
     * What becomes of a transfer.
     *
     * @param by who has asked for it
     * @param ref of the request, where the client has
     * @param sip the trunk's status
     * @param failure why not, of one that has failed
     * @param number whom the call goes to
     * @param name the same, as the trunk shows it
     */
    record Transfer(
            By by,
            TransferStage stage,
            Optional<String> ref,
            OptionalInt sip,
            Optional<Ending> failure,
            Optional<String> number,
            Optional<String> name)
            implements CallNews {
        /** Who has asked. */
        public enum By {
            BROWSER,
            TELEPHONE;

            /** As the protocol writes it. */
            public String code() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        static Transfer of(By by, TransferStage stage, Optional<String> ref) {
            return new Transfer(
                    by, stage, ref, OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Transfer failed(By by, Ending how, Optional<String> ref) {
            return new Transfer(
                    by, TransferStage.FAILED, ref, how.sip(), Optional.of(how), Optional.empty(), Optional.empty());
        }

        Transfer withSip(int status) {
            return new Transfer(by, stage, ref, OptionalInt.of(status), failure, number, name);
        }

        Transfer withNumber(String called) {
            return new Transfer(by, stage, ref, sip, failure, Optional.of(called), name);
        }

        Transfer withCaller(Optional<String> calling, Optional<String> shown) {
            return new Transfer(by, stage, ref, sip, failure, calling, shown);
        }

        @Override
        public String toString() {
            return "Transfer[" + by + ", " + stage + ", sip=" + sip + "]";
        }
    }

    /** Whether the telephone and that of another call of the client's hear each other. */
    record Conference(Optional<String> ref, CallId with, boolean on) implements CallNews {}

    /** The client hears this call of somebody else's, in this mode. */
    record Supervising(Optional<String> ref, CallId of, SupervisionMode mode) implements CallNews {}

    /**
     * A supervisor speaks to the client.
     *
     * @param mode whether the telephone hears it too; empty if they do not speak any more
     * @param by who it is
     */
    record Supervised(Optional<SupervisionMode> mode, String by) implements CallNews {}

    /** How media do, now and then. */
    record Quality(QualityReport report) implements CallNews {}

    /** A request could not be done; the call goes on as it was. */
    record Refused(Optional<String> ref, ErrorCode code, String text) implements CallNews {}

    /** The call is over. */
    record Over(Optional<String> ref, Ending ending) implements CallNews {}
}

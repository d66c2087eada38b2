package io.ringdown.sip.jain;

import io.ringdown.sip.Replacement;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.dialog.Standing;
import io.ringdown.sip.jain.Answers.Answer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import javax.sip.message.Request;

/** Which of our calls a Replaces means (RFC 3891 3). Safe for all threads. */
final class Replacing {

    /** What an INVITE asks to replace: a call, nothing, or what cannot be. */
    sealed interface Wish {

        /** It has no Replaces, or none that counts on this line. */
        record Nothing() implements Wish {}

        record Call(TrunkCall call) implements Wish {}

        record Refused(Answer answer) implements Wish {}
    }

    private final Function<Replacement, Optional<JainCall>> calls;

    /** Looks among these, which are found by Call-ID and our tag. */
    Replacing(Function<Replacement, Optional<JainCall>> calls) {
        this.calls = calls;
    }

    /** What this INVITE asks for. */
    Wish wish(Request invite, Line line) {
        List<String> values = Reading.values(invite, "Replaces");
        if (values.isEmpty() || !line.takesTransfers()) {
            return new Wish.Nothing();
        }
        Optional<Replacement> replaces = values.size() > 1 ? Optional.empty() : Replacement.parse(values.getFirst());
        return replaces.map(named -> wish(named, line)).orElseGet(() -> refused(400));
    }

    private Wish wish(Replacement named, Line line) {
        Optional<JainCall> call = calls.apply(named).filter(one -> line.sharesCallsWith(one.line()));
        Optional<Standing> standing = call.flatMap(one -> one.standing(named.fromTag()));
        if (call.isEmpty() || standing.isEmpty()) {
            return refused(481);
        }
        OptionalInt refusal = standing.get().refusal(named);
        return refusal.isPresent()
                ? refused(refusal.getAsInt())
                : new Wish.Call(call.get().asSeenOutside());
    }

    private static Wish refused(int status) {
        return new Wish.Refused(Answer.of(status));
    }

    /**
     * The call that a Refer-To names by Replaces, where it is one with the same party and not over. A phone may name the tags the
     * other way round: JsSIP takes them from To and From of the INVITE, and that of a call to the phone is ours (RFC 3891 3).
     */
    Optional<TrunkCall> named(Replacement replaces, Line line) {
        Optional<TrunkCall> call = call(replaces, line);
        return line instanceof Phone ? call.or(() -> call(exchanged(replaces), line)) : call;
    }

    private Optional<TrunkCall> call(Replacement replaces, Line line) {
        return wish(replaces, line) instanceof Wish.Call(TrunkCall call) ? Optional.of(call) : Optional.empty();
    }

    private static Replacement exchanged(Replacement named) {
        return new Replacement(
                named.callId(), /* toTag= */ named.fromTag(), /* fromTag= */ named.toTag(), named.earlyOnly());
    }
}

package io.ringdown.gateway.check;

import io.ringdown.media.sdp.DescribedAudio;
import io.ringdown.sip.trace.TracedMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was said in one call, to be asked about. Pure.
 *
 * @param messages in the order of the wire
 */
record Conversation(List<TracedMessage> messages) {

    /** The first response of the trunk to a request of ours with this method and status. */
    Optional<TracedMessage> answer(String method, Predicate<Integer> status) {
        return answers(method, status).findFirst();
    }

    /** All of them. */
    Stream<TracedMessage> answers(String method, Predicate<Integer> status) {
        return messages.stream()
                .filter(message -> !message.sent())
                .filter(message -> status(message).stream().anyMatch(status::test))
                .filter(message -> header(message, "CSeq").orElse("").endsWith(" " + method));
    }

    /** The requests of the trunk with this method. */
    Stream<TracedMessage> requests(String method) {
        return messages.stream()
                .filter(message -> !message.sent() && message.firstLine().startsWith(method + " "));
    }

    /** Whether we sent such a request more often than once, unanswered. */
    boolean sent(String method) {
        return messages.stream()
                .anyMatch(message -> message.sent() && message.firstLine().startsWith(method + " "));
    }

    /** The status of a response. */
    static OptionalInt status(TracedMessage message) {
        String[] words = message.firstLine().split(" ", 3);
        return words.length >= 2 && words[0].equals("SIP/2.0") && words[1].matches("[1-6][0-9][0-9]")
                ? OptionalInt.of(Integer.parseInt(words[1]))
                : OptionalInt.empty();
    }

    /** The value of a header: all of them, with commas between. */
    static Optional<String> header(TracedMessage message, String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        List<String> values = message.text()
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** What the session description that a message carries says of its audio, also where it stands among other parts. */
    static Optional<DescribedAudio> audio(TracedMessage message) {
        return DescribedAudio.of(message.text()
                .lines()
                .dropWhile(line -> !line.isEmpty())
                .filter(line -> line.matches("[a-z]=.*"))
                .collect(Collectors.joining("\r\n")));
    }
}

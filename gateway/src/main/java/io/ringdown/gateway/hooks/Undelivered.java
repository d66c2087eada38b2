package io.ringdown.gateway.hooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What was not delivered, for the operator: listed, and told again one after the other. Blocks. */
public final class Undelivered {
    private final HookSettings settings;
    private final String agent;
    private final InstantSource time;
    private final DeadLetters letters;

    /** Of these settings, which name their directory. */
    public Undelivered(HookSettings settings, String agent, InstantSource time) {
        this.settings = settings;
        this.agent = agent;
        this.time = time;
        this.letters = new DeadLetters(Hooks.deadIn(settings), settings.mostDead());
    }

    /** A line for each, oldest first, of one receiver or of all. */
    public List<String> list(Optional<String> hook) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : letters.files()) {
            DeadLetters.Letter letter = DeadLetters.read(file);
            if (isFor(letter, hook)) {
                lines.add(String.join(
                        "  ",
                        letter.what().id(),
                        Instant.ofEpochMilli(letter.what().atMillis()).toString(),
                        letter.what().hook(),
                        letter.what().event(),
                        letter.attempts() + " tries",
                        letter.why()));
            }
        }
        if (lines.isEmpty()) {
            lines.add("Everything was delivered, or waits still.");
        }
        return lines;
    }

    private static boolean isFor(DeadLetters.Letter letter, Optional<String> hook) {
        return hook.isEmpty() || hook.get().equals(letter.what().hook());
    }

    /**
     * Tells them again, and forgets what is taken. What belongs to a call of which one was not taken is left, so that the order stays.
     *
     * @return whether all of them were taken
     */
    public boolean resend(Optional<String> hook, Consumer<String> say) throws IOException {
        Set<String> stuck = new HashSet<>();
        int taken = 0;
        try (HookSender sender = new HookSender(settings.timeout(), agent, time)) {
            for (Path file : letters.files()) {
                DeadLetters.Letter letter = DeadLetters.read(file);
                String line = letter.what().hook() + " " + letter.what().line();
                if (!isFor(letter, hook) || stuck.contains(line)) {
                    continue;
                }
                Optional<HookTarget> target =
                        Hooks.target(settings, letter.what().hook());
                String said =
                        target.isEmpty() ? "there is no such receiver any more" : tell(sender, letter, target.get());
                if (said.isEmpty()) {
                    Files.deleteIfExists(file);
                    taken++;
                } else {
                    stuck.add(line);
                    say.accept(letter.what().id() + " " + letter.what().event() + " to "
                            + letter.what().hook() + " was not taken: " + said);
                }
            }
        }
        say.accept(taken + " taken");
        return stuck.isEmpty();
    }

    /** Nothing if it was taken, or else what was said. */
    private static String tell(HookSender sender, DeadLetters.Letter letter, HookTarget target) {
        HookSender.Answer answer = sender.send(letter.what(), target).join();
        return answer.outcome() == HookQueue.Outcome.TAKEN ? "" : answer.said();
    }
}

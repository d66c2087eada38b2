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
            try {
                DeadLetters.read(file)
                        .filter(letter -> isFor(letter, hook))
                        .map(Undelivered::line)
                        .ifPresent(lines::add);
            } catch (IOException unreadable) {
                lines.add(said(unreadable)); // the others are undelivered all the same
            }
        }
        if (lines.isEmpty()) {
            lines.add("Everything was delivered, or waits still.");
        }
        return lines;
    }

    private static String line(DeadLetters.Letter letter) {
        return String.join(
                "  ",
                letter.what().id(),
                Instant.ofEpochMilli(letter.what().atMillis()).toString(),
                letter.what().hook(),
                letter.what().event(),
                letter.attempts() + " tries",
                letter.why());
    }

    private static String said(IOException unreadable) {
        return String.valueOf(unreadable.getMessage());
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
        Round round = new Round(hook, say);
        try (HookSender sender = new HookSender(settings.timeout(), agent, time)) {
            for (Path file : letters.files()) {
                try {
                    round.tell(file, sender);
                } catch (IOException unreadable) {
                    round.isWhole = false;
                    say.accept(said(unreadable));
                }
            }
        }
        say.accept(round.taken + " taken");
        return round.isWhole;
    }

    /** Once through all of them. */
    private final class Round {
        private final Optional<String> hook;
        private final Consumer<String> say;
        private final Set<String> stuck = new HashSet<>();
        private int taken;
        private boolean isWhole = true;

        Round(Optional<String> hook, Consumer<String> say) {
            this.hook = hook;
            this.say = say;
        }

        void tell(Path file, HookSender sender) throws IOException {
            Optional<DeadLetters.Letter> found = DeadLetters.read(file);
            if (found.isEmpty()) {
                say.accept(file + " is not there any more: it was taken or dropped meanwhile");
                return;
            }
            DeadLetters.Letter letter = found.get();
            String line = letter.what().hook() + " " + letter.what().line();
            if (!isFor(letter, hook) || stuck.contains(line)) {
                return;
            }
            String said = Undelivered.this.tell(sender, letter);
            if (said.isEmpty()) {
                Files.deleteIfExists(file);
                taken++;
            } else {
                isWhole = false;
                stuck.add(line);
                say.accept(letter.what().id() + " " + letter.what().event() + " to "
                        + letter.what().hook() + " was not taken: " + said);
            }
        }
    }

    /** Nothing if it was taken, or else what was said. */
    private String tell(HookSender sender, DeadLetters.Letter letter) {
        Optional<HookTarget> target = Hooks.target(settings, letter.what().hook());
        if (target.isEmpty()) {
            return "there is no such receiver any more";
        }
        try {
            HookSender.Answer answer = sender.send(letter.what(), target.get()).join();
            return answer.outcome() == HookQueue.Outcome.TAKEN ? "" : answer.said();
        } catch (IllegalArgumentException unfit) {
            return "its id or its event is none"; // somebody has written in the file
        }
    }
}

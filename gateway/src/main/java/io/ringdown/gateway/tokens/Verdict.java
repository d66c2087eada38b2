package io.ringdown.gateway.tokens;

import java.util.List;
import java.util.Optional;

/** What a signed token is worth, by itself. */
sealed interface Verdict {
    /**
     * It is good.
     *
     * @param subject whom it names ({@code sub})
     * @param user the configured user, by name or extension, for whom it stands
     * @param grant what it opens
     * @param origins the pages that may show it; empty for any
     */
    record Good(String subject, Optional<String> user, Grant grant, Optional<List<String>> origins) implements Verdict {
        public Good {
            origins = origins.map(List::copyOf);
        }

        /** Whether this page may show it; who is no browser may not, where pages are named. */
        boolean isFor(Optional<String> origin) {
            return origins.isEmpty() || origin.filter(origins.get()::contains).isPresent();
        }
    }

    /**
     * It opens nothing.
     *
     * @param detail what exactly, of what is ours to tell
     */
    record Bad(Refusal why, String detail) implements Verdict {
        static Bad of(Refusal why) {
            return new Bad(why, why.text());
        }
    }
}

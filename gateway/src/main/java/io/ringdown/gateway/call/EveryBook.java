package io.ringdown.gateway.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several books of calls as one: each is told of everything, in this order. Usable where all of them are. */
public final class EveryBook implements CallBook {
    private static final Logger LOG = LoggerFactory.getLogger(EveryBook.class);

    private final List<CallBook> books;

    /** These; what one of them fails at, the others are told all the same. */
    public EveryBook(List<CallBook> books) {
        this.books = List.copyOf(books);
    }

    private interface Telling {
        void tell(CallBook book);
    }

    private void each(Telling what) {
        for (CallBook book : books) {
            try {
                what.tell(book);
            } catch (RuntimeException bug) {
                LOG.error("a book of calls has failed; the others go on", bug);
            }
        }
    }

    @Override
    public void accept(CallRecord record) {
        each(book -> book.accept(record));
    }

    @Override
    public void begun(Beginning call) {
        each(book -> book.begun(call));
    }

    @Override
    public void answered(Beginning call, Duration after, Optional<String> trunk) {
        each(book -> book.answered(call, after, trunk));
    }

    @Override
    public void left(CallId call) {
        each(book -> book.left(call));
    }

    @Override
    public boolean isUsable() {
        return books.stream().allMatch(CallBook::isUsable);
    }
}

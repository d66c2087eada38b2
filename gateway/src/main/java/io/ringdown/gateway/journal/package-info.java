/**
 * What survives a crash: which dialogs with trunks are open, which calls there are, and the record of each call that is over.
 *
 * <p>{@link io.ringdown.gateway.journal.Journal} is the room's face: it takes what is told from any thread, and one thread of its
 * own writes it. {@code Books} says what goes into which file in which order, {@code Ledger} what is open; both know no files but
 * {@code Disk}.
 */
@NullMarked
package io.ringdown.gateway.journal;

import org.jspecify.annotations.NullMarked;

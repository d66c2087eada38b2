package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Hold;
import io.ringdown.gateway.guard.Wish;

/** What the guard has let through, and what it has reserved for that. */
record Reserved(Wish wish, Hold hold) {}

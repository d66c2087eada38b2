package io.ringdown.gateway.hooks;

/**
 * Something to be told one receiver.
 *
 * @param number of it, rising; no other has it
 * @param id of what happened, the same for every receiver and every try
 * @param hook the receiver
 * @param line what it belongs to, mostly a call: in one line, one is told after the other
 * @param event what happened
 * @param atMillis when it was to be told first, in milliseconds since 1970
 * @param body what is told, as JSON
 */
record Delivery(long number, String id, String hook, String line, String event, long atMillis, String body) {
    @Override
    public String toString() {
        return "Delivery[" + event + " " + id + " to " + hook + "]";
    }
}

package io.ringdown.gateway.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page of the demo is told ({@code GET /v1/demo}): the numbers to call, and the one it is called at. */
final class PracticeNumbers {
    // Fictitious by agreement: 555-0100 to 555-0199 are given to nobody.
    private static final String OWN = "+12025550199";
    private static final String RING_ME = "+12025550111";

    private PracticeNumbers() {}

    static Map<String, Object> describe() {
        return Map.of(
                "practice",
                List.of(
                        number("+12025550100", "Echo", "Says back what you say."),
                        number("+12025550101", "Digits", "Asks for digits and reads them back when you press #."),
                        number("+12025550102", "Digits before the answer", "The same, before it answers."),
                        number("+12025550103", "Busy", "Is on another call."),
                        number("+12025550104", "No answer", "Rings, and nobody answers."),
                        number("+12025550105", "Rejected", "Rejects the call."),
                        number("+12025550106", "Unknown", "Does not exist."),
                        number("+12025550107", "Early media", "Speaks first, answers then."),
                        number("+12025550108", "Short call", "Answers after 5 seconds, hangs up after 10."),
                        number("+12025550109", "Sends digits", "Presses digits that you see."),
                        number("+12025550110", "Monologue", "Talks for a long time."),
                        number(RING_ME, "Ring me", "Hangs up, and calls you back 2 seconds later."),
                        number("933", "Address check", "Says whether your location came with the call.")),
                "ringMe",
                RING_ME,
                "number",
                OWN);
    }

    private static Map<String, Object> number(String number, String name, String what) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("number", number);
        entry.put("name", name);
        entry.put("what", what);
        return entry;
    }
}

package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import io.ringdown.sip.Geolocation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The numbers of the practice network: +1 202 555 0100 and those after it, which no telephone has; and the address check. */
@SuppressWarnings("ImmutableEnumChecker") // the functions below hold nothing; each call makes a new script
enum PracticeNumber {
    ECHO(
            100,
            "gives back what it hears",
            (caller, place) ->
                    Timetable.first(new Action.Answer(), new Action.Echo()).build()),
    IVR(101, "reads back digits until #", (caller, place) -> new Ivr(false)),
    EARLY_IVR(102, "reads back digits until # before it answers (183)", (caller, place) -> new Ivr(true)),
    BUSY(103, "is busy (486)", (caller, place) -> refuse(500, new Action.Reject(486, 17, "User busy"))),
    NO_ANSWER(
            104,
            "rings for 30 s and does not answer (480)",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(30_000, new Action.Reject(480, 19, "No answer from user"))
                    .build()),
    REJECTED(
            105,
            "rings for 2 s and declines (603)",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(2_000, new Action.Reject(603, 21, "Call rejected"))
                    .build()),
    UNKNOWN(106, "is not assigned (404)", (caller, place) -> refuse(500, notAssigned())),
    EARLY_MEDIA(
            107,
            "speaks before it answers (183), then answers",
            (caller, place) -> Timetable.first()
                    .after(500, new Action.Progress(), new Action.Say(Clip.EARLY))
                    .whenQuiet(300, new Action.Answer(), new Action.Say(Clip.ANSWERED))
                    .whenQuiet(500, new Action.HangUp())
                    .build()),
    SHORT(
            108,
            "answers after 5 s, hangs up 10 s later",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(5_000, new Action.Answer(), new Action.Say(Clip.TEN_SECONDS))
                    .after(10_000, new Action.HangUp())
                    .build()),
    SENDS_DIGITS(
            109,
            "sends digits to the caller",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(1_000, new Action.Answer(), new Action.Say(Clip.SENDING_DIGITS))
                    .whenQuiet(300, new Action.Press(digits("1234567890*#"), 100_000_000, 100_000_000))
                    .whenQuiet(300, new Action.Say(Clip.DIGITS_SENT))
                    .whenQuiet(500, new Action.HangUp())
                    .build()),
    MONOLOGUE(
            110,
            "speaks for a minute and a half",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(1_000, new Action.Answer(), new Action.Say(Clip.MONOLOGUE))
                    .whenQuiet(1_000, new Action.HangUp())
                    .build()),
    RING_ME(111, "hangs up and calls back 2 s later", (caller, place) -> new RingMe(caller.isPresent())),
    /** North America's number for asking what an emergency service would be told. */
    ADDRESS_CHECK(
            "933",
            "says whether the caller's location has come",
            (caller, place) -> Timetable.first(new Action.Ring())
                    .after(1_000, new Action.Answer(), new Action.Say(whatCame(place)))
                    .whenQuiet(500, new Action.HangUp())
                    .build());

    private final String digits;
    private final String does;
    private final BiFunction<Optional<String>, Optional<Geolocation>, Script> script;

    /** One of the range: +1 202 555 0 and these three digits. */
    PracticeNumber(int last, String does, BiFunction<Optional<String>, Optional<Geolocation>, Script> script) {
        this("12025550" + last, does, script);
    }

    PracticeNumber(String digits, String does, BiFunction<Optional<String>, Optional<Geolocation>, Script> script) {
        this.digits = digits;
        this.does = does;
        this.script = script;
    }

    /** The number that was called; {@code +}, {@code 00} and visual separators make no difference. */
    static Optional<PracticeNumber> of(String called) {
        String digits = called.replaceAll("[^0-9]", "").replaceFirst("^00", "");
        return Arrays.stream(values())
                .filter(number -> number.digits.equals(digits))
                .findFirst();
    }

    /** What the number does with a call from {@code caller}, who may be withheld, at this place, if it is said. */
    Script script(Optional<String> caller, Optional<Geolocation> place) {
        return script.apply(caller, place);
    }

    private static Clip whatCame(Optional<Geolocation> place) {
        return switch (place.orElse(null)) {
            case Geolocation.ByValue _ -> Clip.LOCATION_DOCUMENT;
            case Geolocation.ByReference _ -> Clip.LOCATION_LINK;
            case null -> Clip.NO_LOCATION;
        };
    }

    /** What is done with a call to any other number. */
    static Script unassigned() {
        return refuse(0, notAssigned());
    }

    /** What is done with a call that we make ourselves, once it is answered. */
    static Script ringBack() {
        return Timetable.first(new Action.Say(Clip.HELLO))
                .whenQuiet(0, new Action.Echo())
                .build();
    }

    /** As it is dialled: a number of the world, or a short one. */
    String dialled() {
        return this == ADDRESS_CHECK ? digits : "+" + digits;
    }

    String does() {
        return does;
    }

    private static Script refuse(long afterMillis, Action.Reject reject) {
        return Timetable.first().after(afterMillis, reject).build();
    }

    private static Action.Reject notAssigned() {
        return new Action.Reject(404, 1, "Unallocated number");
    }

    private static List<Digit> digits(String characters) {
        return characters
                .chars()
                .mapToObj(c -> Digit.of((char) c).orElseThrow())
                .toList();
    }
}

package io.ringdown.it;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Ways to write numbers that nobody in Germany may call: what people, pages and attackers put in front, between and behind. */
final class Spellings {
    private static final List<String> NUMBERS = List.of(
            "4990012345678", // premium
            "49900123456", // the same, too short for its plan
            "881612345678", // satellite
            "88213300655",
            "979123456789",
            "33123456789",
            "12025550100",
            "447012345678", // personal
            "23276123456",
            "9605641234");

    private static final List<UnaryOperator<String>> WAYS = List.of(
            digits -> "+" + digits,
            digits -> "00" + digits,
            digits -> "011" + digits,
            digits -> "+00" + digits,
            digits -> "+0" + digits,
            digits -> "++" + digits,
            digits -> " +" + digits + " ",
            digits -> "+(" + digits.substring(0, 2) + ")" + digits.substring(2),
            digits -> "+" + digits.substring(0, 2) + "(0)" + digits.substring(2),
            digits -> "00(" + digits.substring(0, 2) + ") " + digits.substring(2),
            digits -> "+" + String.join("-", digits.split("")),
            digits -> "+" + String.join(".", digits.split("")),
            digits -> "+" + String.join(" ", digits.split("")),
            digits -> "+" + String.join("/", digits.split("")),
            digits -> "+" + String.join("\u00a0", digits.split("")),
            digits -> "+" + String.join("\u200b", digits.split("")),
            digits -> "\u202b+" + digits,
            digits -> "\u200f+" + digits + "\u200e",
            digits -> "\ufeff+" + digits,
            digits -> "+" + shifted(digits, '\uff10'), // full width
            digits -> "\uff0b" + shifted(digits, '\uff10'),
            digits -> "\uff0b" + digits,
            digits -> "+" + shifted(digits, '\u0660'), // Arabic
            digits -> "+" + shifted(digits, '\u06f0'),
            digits -> "+" + shifted(digits, '\u0966'), // Devanagari
            digits -> "+" + digits + "\u0000",
            digits -> "\u0000+" + digits,
            digits -> "+" + digits.substring(0, 3) + "\u0000" + digits.substring(3),
            digits -> "+" + digits + "\r\nX: y",
            digits -> "tel:+" + digits,
            digits -> "TEL:+" + digits,
            digits -> "sip:+" + digits + "@example.net",
            digits -> "sips:+" + digits + "@example.net;user=phone",
            digits -> "+" + digits + ";phone-context=+49",
            digits -> digits + ";phone-context=+1",
            digits -> "+" + digits + ";ext=1",
            digits -> "+" + digits + "@example.net",
            digits -> "+" + digits + "?Replaces=1",
            digits -> "%2B" + digits,
            digits -> "%2b%" + digits,
            digits -> "+" + digits + "%00",
            digits -> "+" + digits + "#",
            digits -> "*31#+" + digits,
            digits -> "*31#00" + digits,
            digits -> "*21*00" + digits + "#",
            digits -> "**21*+" + digits + "#",
            digits -> "#31#00" + digits,
            digits -> "+" + digits + ",,1",
            digits -> "+" + digits + "w1",
            digits -> "+" + digits + "x1",
            digits -> "9+" + digits,
            digits -> "9,00" + digits,
            digits -> "+" + digits + "000000",
            digits -> "01033" + "00" + digits, // call-by-call
            digits -> "+1011" + digits);

    private Spellings() {}

    static List<String> all() {
        List<String> all = new ArrayList<>();
        NUMBERS.forEach(number -> WAYS.forEach(way -> all.add(way.apply(number))));
        return all;
    }

    private static String shifted(String digits, char zero) {
        StringBuilder text = new StringBuilder();
        digits.chars().forEach(digit -> text.append((char) (zero + digit - '0')));
        return text.toString();
    }
}

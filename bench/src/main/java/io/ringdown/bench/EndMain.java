package io.ringdown.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The process of one end: takes one command a line, answers each with a line of JSON, and ends with its input. Started by the kit,
 * never by hand.
 */
public final class EndMain {
    private EndMain() {}

    /** What an end can be asked. */
    private interface Commands extends AutoCloseable {
        Object answer(String[] words) throws InterruptedException;

        @Override
        void close();
    }

    /** The first word is {@code web} or {@code trunk}, the second its settings. */
    public static void main(String[] words) throws IOException, InterruptedException {
        PrintStream out = System.out;
        System.setOut(System.err); // what a library prints is no answer
        EndSettings settings = Wire.read(words[1], EndSettings.class);
        try (Commands commands =
                        words[0].equals("web") ? ofWeb(new WebEnd(settings)) : ofTrunk(new TrunkEnd(settings));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            out.println(Wire.write("ready"));
            out.flush();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(Wire.write(commands.answer(line.split(" ", -1))));
                out.flush();
            }
        }
    }

    private static Commands ofWeb(WebEnd end) {
        return new Commands() {
            @Override
            public Object answer(String[] words) throws InterruptedException {
                return switch (words[0]) {
                    case "dial" -> end.dial(number(words, 1), number(words, 2), number(words, 3));
                    case "hang-up" -> end.hangUp(number(words, 1), number(words, 2), number(words, 3));
                    case "churn" ->
                        end.churn(
                                number(words, 1),
                                Double.parseDouble(words[2]),
                                number(words, 3),
                                WebEnd.Depth.valueOf(words[4]));
                    case "at-once" -> end.atOnce(number(words, 1));
                    default -> common(end.side(), words);
                };
            }

            @Override
            public void close() {
                end.close();
            }
        };
    }

    private static Commands ofTrunk(TrunkEnd end) {
        return new Commands() {
            @Override
            public Object answer(String[] words) {
                return words[0].equals("refusals") ? end.refusals() : common(end.side(), words);
            }

            @Override
            public void close() {
                end.close();
            }
        };
    }

    private static Object common(Side side, String[] words) {
        switch (words[0]) {
            case "read" -> {
                return side.read();
            }
            case "clear" -> side.clear();
            case "boundary" -> side.boundary(number(words, 1));
            default -> throw new IllegalArgumentException(words[0] + " is no command of an end");
        }
        return "done";
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }
}

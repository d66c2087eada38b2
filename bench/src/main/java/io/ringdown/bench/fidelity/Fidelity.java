package io.ringdown.bench.fidelity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command {@code bench fidelity}: how speech comes through under loss, each repair off and on, with what it costs. */
public final class Fidelity {
    private Fidelity() {}

    /**
     * Measures what the words of the command line ask for and prints it. For two minutes or so.
     *
     * @throws IllegalArgumentException telling what is wrong with the words
     * @throws IOException if a file cannot be written
     */
    public static void run(List<String> words) throws IOException {
        FidelityOptions options = FidelityOptions.parse(words);
        String command = "bench fidelity " + String.join(" ", words);
        Speech speech = Speech.of(Speech.talkers());
        BrowserMouth mouth = new BrowserMouth(speech);
        warmUp();
        Map<Study, List<Study.Row>> tables = new LinkedHashMap<>();
        for (Study study : studies(options)) {
            tables.put(study, study.measure(speech, mouth, options.takes(), options.seed()));
        }
        String opus = Codecs.load(OpusSettings.defaults()).describe();
        System.out.printf(
                "%s%n%s, %d s of synthetic speech by %d talkers, %d takes from seed %d%n",
                command, opus, speech.frames() / 50, Speech.talkers(), options.takes(), options.seed());
        tables.forEach((study, rows) -> System.out.print("\n" + FidelityTable.text(study, rows)));
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), json(command, opus, options, tables));
        }
        if (options.svg().isPresent()) {
            Files.writeString(options.svg().get(), FidelityPlot.svg(tables));
        }
    }

    private static List<Study> studies(FidelityOptions options) {
        List<Study> studies = new ArrayList<>();
        FidelityOptions.Part part = options.part();
        if (part == FidelityOptions.Part.REPAIRS || part == FidelityOptions.Part.ALL) {
            studies.addAll(Study.repairs(options.patterns()));
        }
        if (part == FidelityOptions.Part.ANSWER || part == FidelityOptions.Part.ALL) {
            studies.add(Study.answers());
        }
        if (part == FidelityOptions.Part.ENCODER || part == FidelityOptions.Part.ALL) {
            studies.add(Study.encoders());
        }
        return studies;
    }

    /** The compiler has seen every way before costs are taken. */
    private static void warmUp() {
        Speech speech = Speech.of(1);
        BrowserMouth mouth = new BrowserMouth(speech);
        for (int i = 0; i < 3; i++) {
            for (Study study : Study.repairs(Pattern.parse("none,random-10"))) {
                study.measure(speech, mouth, 1, i);
            }
        }
    }

    private static String json(String command, String opus, FidelityOptions options, Map<Study, List<Study.Row>> tables)
            throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", command);
        document.put("opus", opus);
        document.put("speech", "synthetic");
        document.put("takes", options.takes());
        document.put("seed", options.seed());
        document.put(
                "tables",
                tables.entrySet().stream()
                        .map(entry -> FidelityTable.json(entry.getKey(), entry.getValue()))
                        .toList());
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document) + "\n";
    }
}

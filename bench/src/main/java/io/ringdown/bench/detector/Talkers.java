package io.ringdown.bench.detector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Speech by espeak-ng, through the band of a telephone by sox: many voices, languages, paces and pitches, each with words drawn at
 * random. The same seed says the same. One thread.
 */
final class Talkers {
    // G.712: what a telephone channel passes.
    private static final String BAND = "300-3400";
    private static final double ACTIVE_DBM0 = -15; // NTT's row in Q.24, table 1: a mean level of −15 dBm
    private static final int WORDS_AT_A_TIME = 150;
    private static final String[] SPEAKERS = {
        "m1", "f1", "m2", "f2", "m3", "f3", "m4", "f4", "m5", "f5", "m6", "m7", "m8", "Annie", "Alex", "Denis", "Andy",
        "linda"
    };
    private static final List<Language> LANGUAGES = List.of(
            new Language("cmn", "你好 请 稍等 谢谢 您 的 电话 号码 是 一 二 三 四 五 六 七 八 九 零 明天 下午 会议室 在 二楼 我们 没有 时间"),
            new Language(
                    "de",
                    "guten Tag vielen Dank ich möchte einen Termin am Donnerstag um fünfzehn Uhr das ist nicht "
                            + "möglich Straße Übung Mühle schön hören zwei drei vier sieben acht neun Zimmer Rechnung Nummer "
                            + "bitte warten wir verbinden"),
            new Language(
                    "en-gb",
                    "good afternoon thank you for calling my name is could you spell that road street oh dear indeed "
                            + "tomorrow half past nineteen hundred and forty railway aunt bath law poor year early girl hurry "
                            + "lorry beautiful usual"),
            new Language(
                    "en-us",
                    "yes no two four seven eight nine zero please hold the line who is calling we are open from "
                            + "Monday to Friday meeting account number harbour clock window easy moon queue measure thought "
                            + "because morning nobody under water whether another really should your order machine beach allow "
                            + "annual million evening rule"),
            new Language(
                    "es",
                    "buenos días gracias por llamar un momento por favor el número de cuenta calle mañana tarde siete "
                            + "ocho nueve cero llueve mucho niño corazón jueves también quisiera hablar con alguien"),
            new Language(
                    "fr",
                    "bonjour merci je vous écoute un instant s'il vous plaît le numéro onze rue du jardin aujourd'hui "
                            + "demain peut-être lumière oiseau heureux bonne journée huit neuf zéro quatre vingt sous la "
                            + "fenêtre"),
            new Language(
                    "it",
                    "buongiorno grazie attenda in linea il numero della stanza domani mattina sette otto nove zero "
                            + "uno due aiuola luglio meraviglia chiesa giovedì perché città università"),
            new Language(
                    "pl",
                    "dzień dobry proszę czekać na linii dziękuję numer pokoju jutro rano siedem osiem dziewięć zero "
                            + "jeden dwa szczęście żółty źródło wiosna księżyc"),
            new Language(
                    "pt",
                    "bom dia obrigado por ligar um momento por favor número da conta amanhã de manhã sete oito nove "
                            + "zero coração não também irmã leite janela"),
            new Language(
                    "sv",
                    "god morgon tack för att du ringer ett ögonblick numret till rummet imorgon sju åtta nio noll ett "
                            + "två sjukhus skärgård måne känsla"));

    private final Random random;
    private int turn;

    /** One that espeak-ng speaks, and words of it. */
    private record Language(String voice, List<String> words) {
        Language(String voice, String words) {
            this(voice, List.of(words.split(" ", -1)));
        }
    }

    Talkers(long seed) {
        this.random = new Random(seed);
    }

    /** Whether this machine can make them speak. */
    static boolean areHere() {
        try {
            return new ProcessBuilder("espeak-ng", "--version").start().waitFor() == 0
                    && new ProcessBuilder("sox", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static int languages() {
        return LANGUAGES.size();
    }

    static int voices() {
        return LANGUAGES.size() * SPEAKERS.length;
    }

    /** What the next talker says, for about a minute, at {@link Sounds#RATE}. */
    double[] next() throws IOException {
        Language language = LANGUAGES.get(turn % LANGUAGES.size());
        String speaker = SPEAKERS[turn / LANGUAGES.size() % SPEAKERS.length];
        turn++;
        String pace = String.valueOf(110 + random.nextInt(130)); // words a minute
        String pitch = String.valueOf(10 + random.nextInt(80)); // of 99
        List<ProcessBuilder> pipe = List.of(
                new ProcessBuilder(
                                "espeak-ng",
                                "-v",
                                language.voice() + "+" + speaker,
                                "-s",
                                pace,
                                "-p",
                                pitch,
                                "--stdout",
                                text(language))
                        .redirectError(ProcessBuilder.Redirect.DISCARD),
                new ProcessBuilder(
                                "sox",
                                "-R",
                                "--ignore-length",
                                "-t",
                                "wav",
                                "-",
                                "-t",
                                "raw",
                                "-r",
                                "8000",
                                "-e",
                                "signed",
                                "-b",
                                "16",
                                "-L",
                                "-c",
                                "1",
                                "-",
                                "gain",
                                "-6",
                                "sinc",
                                BAND)
                        .redirectError(ProcessBuilder.Redirect.DISCARD));
        List<Process> running = ProcessBuilder.startPipeline(pipe);
        byte[] raw = running.getLast().getInputStream().readAllBytes();
        if (raw.length == 0) {
            throw new IOException("espeak-ng or sox said nothing for the voice " + language.voice() + "+" + speaker);
        }
        return levelled(samples(raw));
    }

    private String text(Language language) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS_AT_A_TIME; i++) {
            text.append(language.words().get(random.nextInt(language.words().size())));
            int end = random.nextInt(12);
            text.append(end == 0 ? ". " : end == 1 ? ", " : end == 2 ? "? " : " ");
        }
        return text.toString();
    }

    private static double[] samples(byte[] raw) {
        ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        double[] samples = new double[raw.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bytes.getShort(2 * i);
        }
        return samples;
    }

    /** To {@link #ACTIVE_DBM0} in the mean of the frames that are not pauses. */
    private static double[] levelled(double[] samples) {
        List<Double> powers = new ArrayList<>();
        for (int at = 0; at + Sounds.FRAME <= samples.length; at += Sounds.FRAME) {
            double power = 0;
            for (int i = at; i < at + Sounds.FRAME; i++) {
                power += samples[i] * samples[i] / Sounds.FRAME;
            }
            powers.add(power);
        }
        double loudest = powers.stream().mapToDouble(power -> power).max().orElse(1);
        double mean = powers.stream()
                .mapToDouble(power -> power)
                .filter(power -> power > loudest / 1_000)
                .average()
                .orElse(1);
        double gain = Sounds.rms(ACTIVE_DBM0) / Math.sqrt(mean);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= gain;
        }
        return samples;
    }
}

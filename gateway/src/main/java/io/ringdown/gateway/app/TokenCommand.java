package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.tokens.NewKey;
import io.ringdown.gateway.tokens.TokenExplained;
import io.ringdown.gateway.tokens.TokenMint;
import io.ringdown.gateway.tokens.UnfitKeyException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code token}: makes one, says what one opens, or makes a pair of keys. Prints nothing but the token where it makes one. */
final class TokenCommand {
    private static final Set<String> OPTIONS = Set.of(
            "--config",
            "--key",
            "--new-key",
            "--explain",
            "--subject",
            "--user",
            "--to",
            "--prefixes",
            "--countries",
            "--from",
            "--valid",
            "--calls",
            "--longest",
            "--class",
            "--origin",
            "--audience",
            "--issuer");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");

    private final Arguments arguments;

    private TokenCommand(Arguments arguments) {
        this.arguments = arguments;
    }

    static int run(List<String> options) {
        TokenCommand command = new TokenCommand(Arguments.parse(options, OPTIONS, Set.of("--once")));
        try {
            return command.run();
        } catch (SettingsException broken) {
            Ringdown.complain("the configuration cannot be used:" + System.lineSeparator() + broken.getMessage());
            return Ringdown.WRONG;
        } catch (UnfitKeyException unfit) {
            Ringdown.complain(String.valueOf(unfit.getMessage()));
            return Ringdown.WRONG;
        }
    }

    private int run() throws SettingsException, UnfitKeyException {
        if (arguments.text("--new-key").isPresent()) {
            return newKey(Path.of(arguments.text("--new-key").get()));
        }
        Optional<RingdownSettings> settings = settings();
        if (arguments.text("--explain").isPresent()) {
            return explain(
                    arguments.text("--explain").get(),
                    settings.orElseThrow(() -> new IllegalArgumentException(
                            "token --explain needs --config FILE: whether a token opens is up to the gateway")));
        }
        return Ringdown.say(mint(settings));
    }

    private Optional<RingdownSettings> settings() throws SettingsException {
        Optional<String> file = arguments.text("--config");
        return file.isPresent()
                ? Optional.of(Settings.read(Path.of(file.get()), System.getenv(), RingdownSettings.class))
                : Optional.empty();
    }

    private static int newKey(Path file) {
        try {
            Path open = NewKey.write(file);
            return Ringdown.say(String.join(
                    System.lineSeparator(),
                    "The private key is in " + file + ": it stays with who makes tokens.",
                    "The public key is in " + open + ". The configuration needs:",
                    "",
                    "tokens:",
                    "  keys:",
                    "    - algorithm: EdDSA",
                    "      file: " + open.toAbsolutePath().normalize()));
        } catch (FileAlreadyExistsException there) {
            throw new IllegalArgumentException(there.getFile() + " is there already; name another file", there);
        } catch (IOException failed) {
            throw new IllegalArgumentException("the key cannot be written: " + failed, failed);
        }
    }

    private static int explain(String token, RingdownSettings settings) throws UnfitKeyException {
        if (!settings.tokens().haveKeys()) {
            throw new IllegalArgumentException(
                    "tokens.keys is empty: this gateway takes no signed token; make a key with"
                            + " ringdown token --new-key FILE");
        }
        TokenExplained.Answer answer =
                TokenExplained.of(token, settings.tokens(), settings.users(), Instant.now(), System::nanoTime);
        Ringdown.say(String.join(System.lineSeparator(), answer.lines()));
        return answer.opens() ? Ringdown.DONE : Ringdown.FAILED;
    }

    private String mint(Optional<RingdownSettings> settings) throws UnfitKeyException {
        Optional<Path> key = arguments.text("--key").map(Path::of);
        if (settings.isEmpty() && key.isEmpty()) {
            throw new IllegalArgumentException(
                    "token needs --config FILE or --key FILE; make a key with ringdown token --new-key FILE");
        }
        String subject = arguments
                .text("--subject")
                .or(() -> arguments.text("--user"))
                .orElseThrow(() -> new IllegalArgumentException("token needs --subject NAME: whom it is for"));
        Duration valid =
                arguments.text("--valid").map(text -> duration("--valid", text)).orElse(Duration.ofMinutes(10));
        TokenMint mint =
                settings.isPresent() ? TokenMint.of(settings.get().tokens(), key) : TokenMint.by(key.orElseThrow());
        for (String issuer : arguments.text("--issuer").stream().toList()) {
            mint = mint.withIssuer(issuer);
        }
        for (String audience : arguments.text("--audience").stream().toList()) {
            mint = mint.withAudience(audience);
        }
        Instant now = Instant.now();
        String token = mint.mint(subject, valid, claims(), now);
        if (settings.isPresent()) {
            TokenExplained.Answer answer = TokenExplained.of(
                    token, settings.get().tokens(), settings.get().users(), now, System::nanoTime);
            if (!answer.opens()) {
                throw new IllegalArgumentException(
                        "this gateway would not take the token: " + String.join(" ", answer.lines()));
            }
        }
        return token;
    }

    /** The claim {@code ringdown}. */
    private Map<String, Object> claims() {
        Map<String, Object> to = new LinkedHashMap<>();
        list("--to").ifPresent(numbers -> to.put("numbers", numbers));
        list("--prefixes").ifPresent(prefixes -> to.put("prefixes", prefixes));
        list("--countries").ifPresent(countries -> to.put("countries", countries));
        Map<String, Object> claims = new LinkedHashMap<>();
        if (!to.isEmpty()) {
            claims.put("to", to);
        }
        list("--from").ifPresent(numbers -> claims.put("from", numbers));
        arguments.text("--user").ifPresent(user -> claims.put("user", user));
        arguments
                .text("--longest")
                .ifPresent(text ->
                        claims.put("longest", duration("--longest", text).toSeconds()));
        arguments.text("--calls").ifPresent(text -> claims.put("calls", whole("--calls", text)));
        arguments.text("--class").ifPresent(name -> claims.put("class", name));
        if (arguments.has("--once")) {
            claims.put("once", true);
        }
        list("--origin").ifPresent(origins -> claims.put("origin", origins));
        return claims;
    }

    private Optional<List<String>> list(String option) {
        return arguments.text(option).map(text -> List.of(text.split(",", -1)));
    }

    private static long whole(String option, String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("option " + option + " is '" + text + "', not a whole number");
        }
        return Long.parseLong(text);
    }

    private static Duration duration(String option, String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "option " + option + " is '" + text + "', not a duration; write 90s, 10m, 2h or 1d");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}

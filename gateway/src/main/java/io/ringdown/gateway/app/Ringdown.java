package io.ringdown.gateway.app;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The command line. Exit codes: 0 done, 1 it could not start or ended by a failure, 2 wrong arguments or configuration. */
public final class Ringdown {
    private static final Logger LOG = LoggerFactory.getLogger(Ringdown.class);
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG = 2;

    private static final String HELP = """
            Ringdown joins browsers (WebRTC) and telephone trunks (SIP).

              ringdown demo                 a gateway and a telephone network to try it with, on this machine only
                  --http-port 8080          where the page is
                  --sip-port 5060           the gateway's SIP port
                  --trunk-port 5070         the practice network's SIP port
                  --media-ports 10000-10007 the browsers' UDP ports
              ringdown serve --config FILE  a gateway as FILE says
              ringdown check --config FILE  validates FILE and explains what it means
                  --route NUMBER            … only what would become of a call there
                  --user NAME               … by this user
                  --at 2026-11-26T10:00     … at this time
              ringdown check --config FILE --trunk NAME --number NUMBER
                                            calls NUMBER through a live trunk, and says
                                            what the trunk can and does, and what to change
                  --wait 60                 seconds that it may ring
                  --hang-up-there 30        a second call, in which the telephone has to hang up within so many seconds
                  --sip-port PORT           another port of ours, while the gateway runs
              ringdown token --config FILE | --key FILE --subject NAME
                                            makes a token for a page, and prints it alone
                  --valid 10m               how long it is good
                  --to NUMBERS              where it may call; also --prefixes +4930,+4940 and --countries DE,AT
                  --from NUMBERS            the numbers that it may show
                  --user NAME               a user of the configuration, or an extension, for whom it stands
                  --once                    … for one call only
                  --calls 2 --longest 5m    at most so many at once, each so long
                  --class NAME              the tariffs that it may use
                  --origin https://…        the pages that may show it
                  --audience NAME --issuer NAME
              ringdown token --explain TOKEN --config FILE
                                            what it opens there, or why it does not
              ringdown token --new-key FILE makes a pair of keys, and says what the configuration needs
              ringdown hooks dead --config FILE
                                            lists the events that were not delivered
              ringdown hooks resend --config FILE
                                            tells them again, and forgets those that are taken
                  --to NAME                 … only those for this receiver
              ringdown version
              ringdown help

            Settings can also come from the environment: RINGDOWN_WEB_LISTEN=127.0.0.1:9000 is web.listen.
            docs/configuration.md has them all.""";

    private Ringdown() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        String command = arguments.isEmpty() ? "help" : arguments.getFirst();
        List<String> options = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        if (options.contains("--help") || options.contains("-h")) {
            return say(HELP);
        }
        try {
            return switch (command) {
                case "demo" -> new DemoCommand().run(options);
                case "serve" -> ServeCommand.run(options);
                case "warm-up" -> WarmUpCommand.run();
                case "check" ->
                    TrunkCheckCommand.isMeant(options) ? TrunkCheckCommand.run(options) : CheckCommand.run(options);
                case "token" -> TokenCommand.run(options);
                case "hooks" -> HooksCommand.run(options);
                case "version", "--version", "-v" -> say("Ringdown " + Version.text());
                case "help", "--help", "-h" -> say(HELP);
                default -> {
                    complain("there is no command " + command + "; see ./ringdown help");
                    yield WRONG;
                }
            };
        } catch (IllegalArgumentException wrong) {
            complain(String.valueOf(wrong.getMessage()));
            return WRONG;
        } catch (GatewayStartException failed) {
            complain(String.valueOf(failed.getMessage()));
            return FAILED;
        } catch (Throwable bug) {
            // Threads that had started would keep the process, and nobody would know why it does nothing.
            LOG.error("{} failed by an error of ours", command, bug);
            complain(command + " failed by an error of Ringdown's own, told above; please report it");
            return FAILED;
        }
    }

    /** One or more lines for the user. */
    @SuppressWarnings("SystemOut") // this is the command line
    static int say(String text) {
        System.out.println(text);
        System.out.flush();
        return DONE;
    }

    /** One line about what is wrong. */
    @SuppressWarnings("SystemOut") // this is the command line
    static void complain(String text) {
        System.err.println("ringdown: " + text);
    }
}

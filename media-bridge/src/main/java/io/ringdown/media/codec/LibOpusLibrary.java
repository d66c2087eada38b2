package io.ringdown.media.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the search for the system's libopus came to. */
sealed interface LibOpusLibrary {
    /** What to tell a user who has none. */
    String REMEDY = "install libopus 1.3 or newer (Debian, Ubuntu: apt-get install libopus0; Fedora: dnf install opus;"
            + " Alpine: apk add opus; macOS: brew install opus)";

    /** A library that will do; it stays loaded for the life of the process. */
    record Usable(SymbolLookup symbols, String version) implements LibOpusLibrary {}

    /** None that will do, and why. */
    record Missing(String reason) implements LibOpusLibrary {}

    /** The library of this process; looked for once. Any thread. */
    static LibOpusLibrary found() {
        return Search.RESULT;
    }

    /** Whether a library that calls itself so has RFC 8251's corrections of the decoder, and FEC and PLC as we know them. */
    static boolean isRecent(String version) {
        Matcher numbers = Search.VERSION.matcher(version);
        if (!numbers.find()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > 1 || (major == 1 && Integer.parseInt(numbers.group(2)) >= Search.OLDEST_MINOR);
    }

    /** Holder of what was found. */
    final class Search {
        private static final int OLDEST_MINOR = 3;
        private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
        private static final int LONGEST_VERSION = 256;

        private static final LibOpusLibrary RESULT = search(candidates(System.getProperty("os.name")));

        private Search() {}

        /** The names under which systems keep libopus, the most particular first. */
        static List<String> candidates(String operatingSystem) {
            String name = operatingSystem.toLowerCase(Locale.ROOT);
            if (name.contains("mac")) {
                return List.of(
                        "/opt/homebrew/lib/libopus.0.dylib",
                        "/usr/local/lib/libopus.0.dylib",
                        "/opt/local/lib/libopus.0.dylib",
                        "libopus.0.dylib",
                        "libopus.dylib");
            }
            if (name.contains("windows")) {
                return List.of("opus.dll", "libopus-0.dll");
            }
            return List.of("libopus.so.0", "libopus.so");
        }

        @SuppressWarnings("restricted") // loads a library by the system's own search
        static LibOpusLibrary search(List<String> candidates) {
            String reason = "none of " + String.join(", ", candidates) + " can be loaded";
            for (String candidate : candidates) {
                try {
                    SymbolLookup symbols = SymbolLookup.libraryLookup(candidate, Arena.global());
                    String version = version(symbols);
                    if (isRecent(version)) {
                        return new Usable(symbols, version);
                    }
                    reason = candidate + " is " + version + ", too old";
                } catch (IllegalCallerException e) {
                    return new Missing(
                            "native access is denied to this process; --enable-native-access=ALL-UNNAMED grants it");
                } catch (IllegalArgumentException e) {
                    // there is none of this name: the next one
                }
            }
            return new Missing(reason);
        }

        @SuppressWarnings("restricted") // a C string of libopus's own
        private static String version(SymbolLookup symbols) {
            try {
                MemorySegment text = (MemorySegment) Linker.nativeLinker()
                        .downcallHandle(
                                symbols.findOrThrow("opus_get_version_string"),
                                FunctionDescriptor.of(ValueLayout.ADDRESS))
                        .invokeExact();
                return text.reinterpret(LONGEST_VERSION).getString(0);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

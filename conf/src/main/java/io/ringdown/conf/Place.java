package io.ringdown.conf;

import java.nio.file.Path;

/** Where a setting was written. */
public sealed interface Place {

    /**
     * A place in the configuration file.
     *
     * @param line counted from 1
     * @param column counted from 1, in code points
     */
    record InFile(Path file, int line, int column) implements Place {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /** The file as a whole: it cannot be read, or is no text. */
    record WholeFile(Path file) implements Place {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /** A variable of the environment, which overrides the file. */
    record InVariable(String name) implements Place {
        @Override
        public String toString() {
            return "variable " + name;
        }
    }

    /** Nowhere: there is no file, and no variable names it. */
    record Nowhere() implements Place {
        @Override
        public String toString() {
            return "settings";
        }
    }
}

package dev.parley.bench;

import com.google.errorprone.annotations.FormatMethod;

/** Tells on the error stream how far a run is; the table alone goes to the output. */
final class Progress {

    private Progress() {}

    @FormatMethod
    static void say(String format, Object... arguments) {
        System.err.println(format.formatted(arguments));
    }
}

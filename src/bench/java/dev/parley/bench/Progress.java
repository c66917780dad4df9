package dev.parley.bench;

import com.google.errorprone.annotations.FormatMethod;

/** Prints the progress of a run to the standard error; only the table is printed to the output. */
final class Progress {

    private Progress() {}

    @FormatMethod
    static void print(String format, Object... arguments) {
        System.err.println(format.formatted(arguments));
    }
}

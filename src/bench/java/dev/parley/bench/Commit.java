package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** Finds out which commit is measured. */
final class Commit {

    private Commit() {}

    /** Returns the commit, such as {@code 3ff8b33-dirty}; {@code ?} if git cannot name it. */
    static String current() throws InterruptedException {
        try {
            Process git =
                    new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String commit = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
            return git.waitFor() == 0 ? commit : "?";
        } catch (IOException e) {
            return "?";
        }
    }
}

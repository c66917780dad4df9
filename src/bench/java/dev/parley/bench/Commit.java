package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** Of which sources the figures are. */
final class Commit {

    private Commit() {}

    /** As in {@code 3ff8b33-dirty}; {@code ?} where git doesn't know. */
    static String current() throws InterruptedException {
        try {
            Process git =
                    new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
            return git.waitFor() == 0 ? said : "?";
        } catch (IOException e) {
            return "?";
        }
    }
}

package dev.parley.bench;

import java.time.Duration;

/**
 * What is read for how long.
 *
 * @param perSecond the rate at which to send; 0 for as fast as they are answered
 */
record ReadLoad(Reads reads, Duration time, double perSecond) {

    /** As a process tells another. */
    String line() {
        return "%s %s %s".formatted(reads, time, perSecond);
    }

    static ReadLoad of(String line) {
        String[] words = line.split(" ", 3);
        return new ReadLoad(
                Reads.valueOf(words[0]), Duration.parse(words[1]), Double.parseDouble(words[2]));
    }
}

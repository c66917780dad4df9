package dev.parley.bench;

import java.time.Duration;

/**
 * What is read, for how long and how fast.
 *
 * @param perSecond the rate of requests; 0 to send each as soon as a sender is free
 */
record ReadLoad(ReadKind reads, Duration time, double perSecond) {

    /** Returns the line that is sent to a {@link LoadProcess}. */
    String line() {
        return "%s %s %s".formatted(reads, time, perSecond);
    }

    static ReadLoad of(String line) {
        String[] fields = line.split(" ", 3);
        return new ReadLoad(
                ReadKind.valueOf(fields[0]),
                Duration.parse(fields[1]),
                Double.parseDouble(fields[2]));
    }
}

package dev.parley.bench;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads of {@link SessionsToRead}, over and over. Each must be there as a whole, and as large every
 * time as it was at first: how fast errors are read says nothing.
 *
 * @param <T> a session as it is read
 */
final class RepeatedReads<T> implements Function<String, Timing> {

    /** A way to read sessions. */
    interface Reader<T> {

        /** Reads one, by its number among those to read. */
        CompletionStage<T> read(int session);

        /** How large it is; cheap, since it is asked each time. */
        int bytes(T found);

        /** How many turns came with it. */
        int turns(T found);
    }

    private final Reader<T> reader;
    private final int inFlight;
    private final List<Integer> bytes;

    /**
     * Reads each for the first time.
     *
     * @throws IllegalStateException if any lacks a turn
     */
    RepeatedReads(Reader<T> reader, int inFlight, int sessions) {
        this.reader = reader;
        this.inFlight = inFlight;
        bytes = IntStream.range(0, sessions).mapToObj(this::readFirst).toList();
        Progress.say(
                "%s: sessions of %,.0f bytes",
                reader.getClass().getSimpleName(),
                bytes.stream().mapToInt(each -> each).average().orElseThrow());
    }

    private int readFirst(int session) {
        T found = reader.read(session).toCompletableFuture().join();
        if (reader.turns(found) != SessionsToRead.TURNS) {
            throw new IllegalStateException(
                    "session %d has come with %d turns".formatted(session, reader.turns(found)));
        }
        return reader.bytes(found);
    }

    /**
     * A load is a number of reads, and the rate at which to send them: 0 for as fast as they are
     * answered.
     */
    @Override
    public Timing apply(String load) {
        int space = load.indexOf(' ');
        int reads = Integer.parseInt(load.substring(0, space));
        double perSecond = Double.parseDouble(load.substring(space + 1));
        return perSecond == 0
                ? Load.closedLoop(this::readAgain, reads, inFlight)
                : Load.openLoop(this::readAgain, reads, inFlight, perSecond);
    }

    private CompletionStage<?> readAgain(int number) {
        int session = number % bytes.size();
        return reader.read(session).thenAccept(found -> requireSame(session, reader.bytes(found)));
    }

    private void requireSame(int session, int found) {
        if (found != bytes.get(session)) {
            throw new IllegalStateException(
                    "session %d has come with %d bytes, not %d"
                            .formatted(session, found, bytes.get(session)));
        }
    }
}

package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.read.IndexSlice.Entry;
import dev.parley.session.InvalidCursorException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A list of sessions that a client reads in several parts: when it began, and when it passed which
 * position. Together with the {@link FormerStarts} of a session, this shows whether the list has
 * already passed the session, although the session may be at another position by now. A session
 * that moves down is therefore not returned a second time.
 *
 * <p>A session that moves up, from below the position of the list to above it, is not found on the
 * way down. A list of several parts therefore reads the index again ({@link #nextPass}). It then
 * returns only sessions that have moved since the list began, and repeats this until it finds none.
 *
 * <p>Times of writers are compared with times of readers. If their clocks differ, the result may be
 * wrong for a session that moves at the moment at which its position is read.
 *
 * @param began sessions that moved after this time may have been at another position
 * @param pass 0 for the first pass, then how often the index has been read again
 * @param hasReturned whether this pass has returned any session
 * @param marks in the order in which they were made
 */
public record ListProgress(Instant began, int pass, boolean hasReturned, List<Mark> marks) {

    /**
     * The maximum number of marks. If there are more, the two consecutive marks with the shortest
     * time between them are joined.
     */
    static final int MAX_MARKS = 12;

    /** The maximum number of sessions of its last moment that a mark distinguishes. */
    private static final int MAX_RETURNED = 8;

    private static final int PARTS_OF_TEXT = 4;
    private static final int NUMBERS_OF_A_MARK = 5;
    private static final int RADIX = 36;
    private static final int ALL_SHARDS = Integer.MAX_VALUE;
    private static final int FINGERPRINTS = 1 << 20;

    /** Stands for all sessions of a moment and a shard, if there are too many to distinguish. */
    private static final int ANY = FINGERPRINTS;

    /**
     * The position of the list at a certain time.
     *
     * @param at all sessions that started later had been passed
     * @param shard of the sessions that started at {@code at}, all of lower shards had been passed
     * @param returned fingerprints of the sessions of that moment and that shard that had been
     *     returned
     * @param when the time by the clock of the reader, after the position was read
     */
    record Mark(int pass, Instant at, int shard, List<Integer> returned, Instant when) {

        private boolean hasPassed(Entry entry) {
            if (!entry.startedAt().equals(at)) {
                return entry.startedAt().isAfter(at);
            }
            return entry.shard() == shard
                    ? returned.contains(ANY) || returned.contains(fingerprint(entry.sessionId()))
                    : entry.shard() < shard;
        }

        /** Joins two marks. The result has the time of the second. */
        private Mark joinedWith(Mark next) {
            if (!at.equals(next.at) || shard != next.shard) {
                return next;
            }
            Stream<Integer> both = Stream.concat(returned.stream(), next.returned.stream());
            return new Mark(pass, at, shard, limited(both), next.when);
        }

        private Duration since(Mark former) {
            return Duration.between(former.when, when);
        }

        private String text(Instant began) {
            return Stream.concat(
                            Stream.of(
                                    (long) pass,
                                    at.getEpochSecond(),
                                    (long) at.getNano(),
                                    (long) shard,
                                    ChronoUnit.MICROS.between(began, when)),
                            returned.stream().map(Integer::longValue))
                    .map(number -> Long.toString(number, RADIX))
                    .collect(Collectors.joining("."));
        }

        private static Mark of(String text, Instant began) {
            List<Long> numbers =
                    Stream.of(text.split("\\.")).map(each -> Long.parseLong(each, RADIX)).toList();
            if (numbers.size() < NUMBERS_OF_A_MARK) {
                throw new InvalidCursorException();
            }
            return new Mark(
                    Math.toIntExact(numbers.get(0)),
                    Instant.ofEpochSecond(numbers.get(1), numbers.get(2)),
                    Math.toIntExact(numbers.get(3)),
                    numbers.stream().skip(NUMBERS_OF_A_MARK).map(Math::toIntExact).toList(),
                    began.plus(numbers.get(4), ChronoUnit.MICROS));
        }
    }

    /** The progress of a list and its position; {@link #text} contains both. */
    record Stop(ListProgress progress, SessionCursor position) {

        String text() {
            return String.join(
                    " ",
                    progress.began.toString(),
                    progress.pass + (progress.hasReturned ? "+" : ""),
                    progress.marks.stream()
                            .map(mark -> mark.text(progress.began))
                            .collect(Collectors.joining(",")),
                    position.text());
        }

        /**
         * Parses a cursor.
         *
         * @throws InvalidCursorException if the text does not have the format of {@link #text}
         */
        static Stop of(String text) {
            String[] parts = text.split(" ", PARTS_OF_TEXT);
            if (parts.length != PARTS_OF_TEXT) {
                throw new InvalidCursorException();
            }
            try {
                Instant began = Instant.parse(parts[0]);
                List<Mark> marks =
                        Stream.of(parts[2].split(","))
                                .filter(mark -> !mark.isEmpty())
                                .map(mark -> Mark.of(mark, began))
                                .toList();
                boolean hasReturned = parts[1].endsWith("+");
                int pass = Integer.parseInt(hasReturned ? parts[1].replace("+", "") : parts[1]);
                return new Stop(
                        new ListProgress(began, pass, hasReturned, marks),
                        SessionCursor.of(parts[3]));
            } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
                throw new InvalidCursorException();
            }
        }
    }

    public ListProgress {
        marks = List.copyOf(marks);
    }

    static ListProgress start(Instant now) {
        return new ListProgress(now.truncatedTo(ChronoUnit.MICROS), 0, false, List.of());
    }

    /** Returns whether the index is read once more, only for sessions that have moved. */
    boolean isRepeatedPass() {
        return pass > 0;
    }

    /** Returns the progress for one more pass, which starts at the top of the index. */
    ListProgress nextPass() {
        return new ListProgress(began, pass + 1, false, marks);
    }

    /**
     * Returns the progress after the list has reached a position.
     *
     * @param returned the entries that were returned on the way to the position
     */
    ListProgress passed(SessionCursor position, Collection<Entry> returned, Instant now) {
        boolean all = position.isBetweenMoments();
        Stream<Integer> last =
                returned.stream()
                        .filter(each -> each.startedAt().equals(position.at()))
                        .filter(each -> each.shard() == position.shard())
                        .map(each -> fingerprint(each.sessionId()));
        Mark mark =
                new Mark(
                        pass,
                        position.at(),
                        all ? ALL_SHARDS : position.shard(),
                        all ? List.of() : limited(last),
                        now);
        List<Mark> marked = new ArrayList<>(marks);
        marked.add(mark);
        return new ListProgress(began, pass, hasReturned || !returned.isEmpty(), bounded(marked));
    }

    /**
     * Joins two marks of one pass if there are too many marks. The last mark stays as it is. If no
     * two marks can be joined, the first one is dropped.
     */
    private static List<Mark> bounded(List<Mark> marks) {
        if (marks.size() <= MAX_MARKS) {
            return marks;
        }
        int best = -1;
        for (int i = 1; i < marks.size() - 1; i++) {
            Mark mark = marks.get(i);
            Mark former = marks.get(i - 1);
            boolean joins = mark.pass() == former.pass();
            if (joins && (best < 0 || isShorter(marks, i, best))) {
                best = i;
            }
        }
        if (best > 0) {
            marks.set(best - 1, marks.get(best - 1).joinedWith(marks.get(best)));
            marks.remove(best);
        } else {
            marks.removeFirst();
        }
        return marks;
    }

    private static boolean isShorter(List<Mark> marks, int one, int other) {
        return marks.get(one)
                        .since(marks.get(one - 1))
                        .compareTo(marks.get(other).since(marks.get(other - 1)))
                < 0;
    }

    /**
     * Returns whether the list passed the session at the position that the session had at that
     * time. The result is false for a session that has not moved since the list began.
     *
     * @param entry the current position of the session
     */
    boolean hasAlreadyPassed(FormerStarts moves, Entry entry) {
        if (!moves.hasMoveAfter(began)) {
            return false;
        }
        Entry position = entry;
        Instant until = Instant.MAX;
        for (FormerStarts.Move move : moves.moves()) {
            if (hasPassed(position, move.at(), until)) {
                return true;
            }
            position = position.at(move.from());
            until = move.at();
        }
        return hasPassed(position, Instant.MIN, until);
    }

    /** Returns whether a pass reached the position while the session was there. */
    private boolean hasPassed(Entry entry, Instant from, Instant until) {
        return IntStream.rangeClosed(0, pass)
                .mapToObj(each -> firstPassed(entry, each))
                .flatMap(Optional::stream)
                .anyMatch(when -> !when.isBefore(from) && when.isBefore(until));
    }

    private Optional<Instant> firstPassed(Entry entry, int ofPass) {
        return marks.stream()
                .filter(mark -> mark.pass() == ofPass && mark.hasPassed(entry))
                .findFirst()
                .map(Mark::when);
    }

    private static List<Integer> limited(Stream<Integer> returned) {
        List<Integer> all = returned.distinct().toList();
        return all.size() > MAX_RETURNED || all.contains(ANY) ? List.of(ANY) : all;
    }

    private static int fingerprint(String sessionId) {
        return Math.floorMod(sessionId.hashCode(), FINGERPRINTS);
    }
}

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
 * way down. A list of several parts therefore reads the index again ({@link #again}). It then
 * returns only sessions that have moved since the list began, and repeats this until it finds none.
 *
 * <p>Times of writers are compared with times of readers. If their clocks differ, the result may be
 * wrong for a session that moves at the moment at which its position is read.
 *
 * @param began sessions that moved after this time may have been at another position
 * @param pass 0 for the first pass, then how often the index has been read again
 * @param hasGiven whether this pass has returned any session
 * @param marks in the order in which they were made
 */
public record ListProgress(Instant began, int pass, boolean hasGiven, List<Mark> marks) {

    /**
     * The maximum number of marks. If there are more, the two consecutive marks with the shortest
     * time between them are joined.
     */
    static final int MOST_MARKS = 12;

    /** The maximum number of sessions of its last moment that a mark distinguishes. */
    private static final int MOST_GIVEN = 8;

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
     * @param given fingerprints of the sessions of that moment and that shard that had been
     *     returned
     * @param when the time by the clock of the reader, after the position was read
     */
    record Mark(int pass, Instant at, int shard, List<Integer> given, Instant when) {

        private boolean hasPassed(Entry place) {
            if (!place.startedAt().equals(at)) {
                return place.startedAt().isAfter(at);
            }
            return place.shard() == shard
                    ? given.contains(ANY) || given.contains(fingerprint(place.sessionId()))
                    : place.shard() < shard;
        }

        /** Joins two marks. The result has the time of the second. */
        private Mark then(Mark next) {
            if (!at.equals(next.at) || shard != next.shard) {
                return next;
            }
            Stream<Integer> both = Stream.concat(given.stream(), next.given.stream());
            return new Mark(pass, at, shard, few(both), next.when);
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
                            given.stream().map(Integer::longValue))
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

    /** A walk and its position; {@link #text} contains both. */
    record Stop(ListProgress walk, SessionCursor position) {

        String text() {
            return String.join(
                    " ",
                    walk.began.toString(),
                    walk.pass + (walk.hasGiven ? "+" : ""),
                    walk.marks.stream()
                            .map(mark -> mark.text(walk.began))
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
                boolean hasGiven = parts[1].endsWith("+");
                int pass = Integer.parseInt(hasGiven ? parts[1].replace("+", "") : parts[1]);
                return new Stop(
                        new ListProgress(began, pass, hasGiven, marks), SessionCursor.of(parts[3]));
            } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
                throw new InvalidCursorException();
            }
        }
    }

    public ListProgress {
        marks = List.copyOf(marks);
    }

    static ListProgress begun(Instant now) {
        return new ListProgress(now.truncatedTo(ChronoUnit.MICROS), 0, false, List.of());
    }

    /** Returns whether only sessions that have moved are read. */
    boolean isAgain() {
        return pass > 0;
    }

    /** Returns the same walk for one more pass, which starts at the top of the index. */
    ListProgress again() {
        return new ListProgress(began, pass + 1, false, marks);
    }

    /**
     * Returns the walk after it has reached a position.
     *
     * @param given the entries that were returned on the way to the position
     */
    ListProgress passed(SessionCursor position, Collection<Entry> given, Instant now) {
        boolean all = position.isBetweenMoments();
        Stream<Integer> last =
                given.stream()
                        .filter(each -> each.startedAt().equals(position.at()))
                        .filter(each -> each.shard() == position.shard())
                        .map(each -> fingerprint(each.sessionId()));
        Mark mark =
                new Mark(
                        pass,
                        position.at(),
                        all ? ALL_SHARDS : position.shard(),
                        all ? List.of() : few(last),
                        now);
        List<Mark> marked = new ArrayList<>(marks);
        marked.add(mark);
        return new ListProgress(began, pass, hasGiven || !given.isEmpty(), bounded(marked));
    }

    /**
     * Joins two marks of one pass if there are too many marks. The last mark stays as it is. If no
     * two marks can be joined, the first one is dropped.
     */
    private static List<Mark> bounded(List<Mark> marks) {
        if (marks.size() <= MOST_MARKS) {
            return marks;
        }
        int best = -1;
        for (int i = 1; i < marks.size() - 1; i++) {
            Mark mark = marks.get(i);
            Mark former = marks.get(i - 1);
            boolean joins = mark.pass() == former.pass();
            if (joins && (best < 0 || isFaster(marks, i, best))) {
                best = i;
            }
        }
        if (best > 0) {
            marks.set(best - 1, marks.get(best - 1).then(marks.get(best)));
            marks.remove(best);
        } else {
            marks.removeFirst();
        }
        return marks;
    }

    private static boolean isFaster(List<Mark> marks, int one, int other) {
        return marks.get(one)
                        .since(marks.get(one - 1))
                        .compareTo(marks.get(other).since(marks.get(other - 1)))
                < 0;
    }

    /**
     * Returns whether the walk passed the session at the position that the session had at that
     * time. The result is false for a session that has not moved since the walk began.
     *
     * @param place the current position of the session
     */
    boolean hasMet(FormerStarts moves, Entry place) {
        if (!moves.isAnyAfter(began)) {
            return false;
        }
        Entry stood = place;
        Instant until = Instant.MAX;
        for (FormerStarts.Move move : moves.moves()) {
            if (hasPassed(stood, move.at(), until)) {
                return true;
            }
            stood = stood.at(move.from());
            until = move.at();
        }
        return hasPassed(stood, Instant.MIN, until);
    }

    /** Returns whether a pass reached the position while the session was there. */
    private boolean hasPassed(Entry place, Instant from, Instant until) {
        return IntStream.rangeClosed(0, pass)
                .mapToObj(each -> firstPast(place, each))
                .flatMap(Optional::stream)
                .anyMatch(when -> !when.isBefore(from) && when.isBefore(until));
    }

    private Optional<Instant> firstPast(Entry place, int ofPass) {
        return marks.stream()
                .filter(mark -> mark.pass() == ofPass && mark.hasPassed(place))
                .findFirst()
                .map(Mark::when);
    }

    private static List<Integer> few(Stream<Integer> given) {
        List<Integer> all = given.distinct().toList();
        return all.size() > MOST_GIVEN || all.contains(ANY) ? List.of(ANY) : all;
    }

    private static int fingerprint(String sessionId) {
        return Math.floorMod(sessionId.hashCode(), FINGERPRINTS);
    }
}

package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.StartMoves;
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
 * A list of sessions as someone walks it in parts: when it began, and when it came by which place.
 * With what a session knows of its {@link StartMoves} that tells whether the session was met,
 * though it may stand somewhere else by now: a session that moves down is not given a second time.
 *
 * <p>One that moves up, from below the place where the walk is to above it, is not met on the way
 * down. So a walk of several parts goes over the index again, looking at none but sessions that
 * moved since it began ({@link #again}), until that gives nothing.
 *
 * <p>Times of writers are compared with those of readers: a session that moves at the moment in
 * which its place is read may be told wrongly where their clocks differ.
 *
 * @param began sessions that moved after that may have been somewhere else
 * @param pass 0 on the way down, then how often it went over the index again
 * @param hasGiven whether this pass has given anything
 * @param marks in the order in which they were made
 */
public record ListWalk(Instant began, int pass, boolean hasGiven, List<Mark> marks) {

    /** Of more marks, the two that followed each other fastest become one. */
    static final int MOST_MARKS = 12;

    /** Sessions of its last moment that a mark tells apart. */
    private static final int MOST_GIVEN = 8;

    private static final int PARTS_OF_TEXT = 4;
    private static final int NUMBERS_OF_A_MARK = 5;
    private static final int RADIX = 36;
    private static final int ALL_SHARDS = Integer.MAX_VALUE;
    private static final int FINGERPRINTS = 1 << 20;

    /** Stands for all sessions of a moment and a shard, where they are too many to tell apart. */
    private static final int ANY = FINGERPRINTS;

    /**
     * Where the walk was at a time.
     *
     * @param at all that started later had been passed
     * @param shard of what started then, all of lower shards had been passed
     * @param given fingerprints of those of that moment and that shard that had been given
     * @param when by the clock of the reader, after what stands there was read
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

        /** Both in one, made when the second was. */
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

    /** A walk and where it stands, as {@link #text} has both. */
    record Stop(ListWalk walk, SessionCursor position) {

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
         * @throws InvalidCursorException if the text is none of {@link #text}
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
                        new ListWalk(began, pass, hasGiven, marks), SessionCursor.of(parts[3]));
            } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
                throw new InvalidCursorException();
            }
        }
    }

    public ListWalk {
        marks = List.copyOf(marks);
    }

    static ListWalk begun(Instant now) {
        return new ListWalk(now.truncatedTo(ChronoUnit.MICROS), 0, false, List.of());
    }

    /** Whether none but sessions that moved are looked at. */
    boolean isAgain() {
        return pass > 0;
    }

    /** The same walk, going over the index from the top. */
    ListWalk again() {
        return new ListWalk(began, pass + 1, false, marks);
    }

    /**
     * The walk having come to a position.
     *
     * @param given on the way there
     */
    ListWalk passed(SessionCursor position, Collection<Entry> given, Instant now) {
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
        return new ListWalk(began, pass, hasGiven || !given.isEmpty(), bounded(marked));
    }

    /** Joins marks of one pass; the last one stays as it is. */
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
     * Whether a session was met where it then stood. One that has not moved since the walk began is
     * met now.
     *
     * @param place where it stands now
     */
    boolean hasMet(StartMoves moves, Entry place) {
        if (!moves.isAnyAfter(began)) {
            return false;
        }
        Entry stood = place;
        Instant until = Instant.MAX;
        for (StartMoves.Move move : moves.moves()) {
            if (hasPassed(stood, move.at(), until)) {
                return true;
            }
            stood = stood.at(move.from());
            until = move.at();
        }
        return hasPassed(stood, Instant.MIN, until);
    }

    /** Whether a pass came by the place while the session stood there. */
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

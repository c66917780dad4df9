package dev.parley.chaos;

import dev.parley.session.EventBuilder;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Generates concurrent conversations as platforms publish them: few are long and many are short.
 * Some events are late, some are published twice, and some turns have a revision, which may precede
 * the turn. There are also ends, updates, deletions and rejected records.
 */
final class Traffic {

    private static final int MS_BETWEEN_TURNS = 10;
    private static final double LATE = 0.08;
    private static final double TWICE = 0.1;
    private static final double REVISED = 0.04;
    private static final double UPDATED = 0.02;
    private static final double ENDED = 0.005;
    private static final double DELETED = 0.001;
    private static final double REJECTED = 0.008;
    private static final double IGNORED = 0.002;

    private final ChaosSize size;
    private final Random random;
    private final Prose prose;
    private final Instant start;
    private final EventRecords records;
    private final RejectedRecord rejected;
    private final List<PositionedRecord> positionedRecords = new ArrayList<>();
    private final Map<String, List<SessionEvent>> eventsBySession = new HashMap<>();
    private final Set<String> rejectedValues = new HashSet<>();

    /** A record and its position in the order of publication. */
    private record PositionedRecord(double position, ProducerRecord<String, String> record) {}

    /**
     * @param start when the first turn happened
     */
    Traffic(ChaosSize size, long seed, Instant start) {
        this.size = size;
        this.start = start;
        random = new Random(seed);
        prose = new Prose(seed);
        records = new EventRecords(random);
        rejected = new RejectedRecord(random);
        for (int number = 0; number < size.turns(); number++) {
            generate(number);
        }
        positionedRecords.sort(Comparator.comparingDouble(PositionedRecord::position));
    }

    /** Returns all records in the order of publication. */
    List<ProducerRecord<String, String>> records() {
        return positionedRecords.stream().map(PositionedRecord::record).toList();
    }

    /** Returns all events that must be applied in the end, by the id of the session. */
    Map<String, List<SessionEvent>> eventsBySession() {
        return eventsBySession;
    }

    /** Returns the values of all records that must be dead-lettered. */
    Set<String> rejectedValues() {
        return rejectedValues;
    }

    private void generate(int number) {
        int session = session(number);
        String id = "s-" + session;
        publish(number, event(id, number).turn("t-" + number, content(number)));
        if (happens(REVISED)) {
            EventBuilder revision =
                    event(id, number).revision(1).attribute("revised", "t-" + number);
            publish(
                    number + (random.nextDouble() - 0.3) * size.maxUncommitted(),
                    revision.turn("t-" + number, content(number)));
        }
        if (happens(UPDATED)) {
            publish(
                    number,
                    event(id, number).attribute("k", null).userData("k", "u-" + number).updated());
        }
        if (happens(ENDED)) {
            publish(number, event(id, number).ended());
        }
        // Sessions that may be deleted get no rejected records: an event that precedes a deletion
        // is ignored, not rejected.
        boolean deletable = session % 4 == 0;
        if (deletable && happens(4 * DELETED)) {
            publish(number, event(id, number).deleted());
        }
        if (!deletable && happens(REJECTED)) {
            ProducerRecord<String, String> record = rejected.next(id);
            rejectedValues.add(record.value());
            positionedRecords.add(new PositionedRecord(number, record));
        }
        if (happens(IGNORED)) {
            positionedRecords.add(new PositionedRecord(number, EventRecords.ignored(id)));
        }
    }

    /** Returns the session of a turn. Each session has at least one turn, some have many more. */
    private int session(int number) {
        int turnsEach = size.turns() / size.sessions();
        if (number % turnsEach == 0 && number / turnsEach < size.sessions()) {
            return number / turnsEach;
        }
        return (int) (size.sessions() * random.nextDouble() * random.nextDouble());
    }

    private EventBuilder event(String id, int number) {
        boolean user = number % 2 == 0;
        EventBuilder event =
                EventBuilder.event(id)
                        .at(start.plusMillis((long) MS_BETWEEN_TURNS * number))
                        .userId("u-" + id)
                        .channel(happens(0.1) ? "app" : "web")
                        .role(user ? Role.USER : Role.ASSISTANT);
        if (!user) {
            event.usage(800 + random.nextInt(4_000), random.nextInt(200))
                    .latencyMs(300 + random.nextInt(2_000));
        }
        if (happens(0.02)) {
            event.error();
        }
        if (happens(0.1)) {
            event.attribute("k", "v-" + number);
        }
        return event;
    }

    private String content(int number) {
        return prose.text(number % 2 == 0 ? Prose.MEAN_LENGTH / 3 : Prose.MEAN_LENGTH);
    }

    private void publish(double position, SessionEvent event) {
        eventsBySession.computeIfAbsent(event.sessionId(), id -> new ArrayList<>()).add(event);
        double at = happens(LATE) ? position + delay() : position;
        positionedRecords.add(new PositionedRecord(at, records.toRecord(event)));
        if (happens(TWICE)) {
            positionedRecords.add(new PositionedRecord(at + delay(), records.toRecord(event)));
        }
    }

    private double delay() {
        return random.nextDouble() * size.maxUncommitted();
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }
}

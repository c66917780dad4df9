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
 * Conversations side by side, few of them long and many short, as platforms publish them: some
 * events late, some twice, some turns revised, before or after the revision; ends, updates,
 * deletions; and poison.
 */
final class Traffic {

    private static final int MS_BETWEEN_TURNS = 10;
    private static final double LATE = 0.08;
    private static final double TWICE = 0.1;
    private static final double REVISED = 0.04;
    private static final double UPDATED = 0.02;
    private static final double ENDED = 0.005;
    private static final double DELETED = 0.001;
    private static final double POISON = 0.008;
    private static final double IGNORED = 0.002;

    private final ChaosSize size;
    private final Random random;
    private final Prose prose;
    private final Instant start;
    private final EventRecords forms;
    private final RejectedRecord poisons;
    private final List<Placed> placed = new ArrayList<>();
    private final Map<String, List<SessionEvent>> eventsBySession = new HashMap<>();
    private final Set<String> poison = new HashSet<>();

    /** A record and where it stands among the others. */
    private record Placed(double position, ProducerRecord<String, String> record) {}

    /**
     * @param start when the first turn happened
     */
    Traffic(ChaosSize size, long seed, Instant start) {
        this.size = size;
        this.start = start;
        random = new Random(seed);
        prose = new Prose(seed);
        forms = new EventRecords(random);
        poisons = new RejectedRecord(random);
        for (int number = 0; number < size.turns(); number++) {
            happen(number);
        }
        placed.sort(Comparator.comparingDouble(Placed::position));
    }

    /** In the order of publication. */
    List<ProducerRecord<String, String>> records() {
        return placed.stream().map(Placed::record).toList();
    }

    /** All events that must tell in the end, by the session's id. */
    Map<String, List<SessionEvent>> eventsBySession() {
        return eventsBySession;
    }

    /** The values of all records that must be set aside. */
    Set<String> poison() {
        return poison;
    }

    private void happen(int number) {
        int session = session(number);
        String id = "s-" + session;
        publish(number, event(id, number).turn("t-" + number, content(number)));
        if (happens(REVISED)) {
            EventBuilder revision =
                    event(id, number).revision(1).attribute("revised", "t-" + number);
            publish(
                    number + (random.nextDouble() - 0.3) * size.window(),
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
        // What is from before a deletion is ignored, not refused.
        boolean deletable = session % 4 == 0;
        if (deletable && happens(4 * DELETED)) {
            publish(number, event(id, number).deleted());
        }
        if (!deletable && happens(POISON)) {
            ProducerRecord<String, String> record = poisons.next(id);
            poison.add(record.value());
            placed.add(new Placed(number, record));
        }
        if (happens(IGNORED)) {
            placed.add(new Placed(number, EventRecords.ignored(id)));
        }
    }

    /** Each of them at least once, and some much more often than others. */
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
        double at = happens(LATE) ? position + later() : position;
        placed.add(new Placed(at, forms.of(event)));
        if (happens(TWICE)) {
            placed.add(new Placed(at + later(), forms.of(event)));
        }
    }

    private double later() {
        return random.nextDouble() * size.window();
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }
}

package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventCopies;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures what it saves if the consumer waits for records ({@code fetch.min.bytes} and {@code
 * fetch.max.wait.ms}), so that turns of a session that arrive in between share a write. In these
 * conversations an answer follows a question after 1 to 8 seconds, and the next question after 10
 * to 40 seconds.
 */
@Tag("slow")
class GatheredTurnsCostIT {

    private static final int TURNS = 200;

    enum Wait {
        NONE(0, 1.6),
        TWO_SECONDS(2, 1.6),
        TEN_SECONDS(10, 1.3);

        private final Duration duration;
        private final double maxWriteUnits;

        Wait(int seconds, double maxWriteUnits) {
            this.duration = Duration.ofSeconds(seconds);
            this.maxWriteUnits = maxWriteUnits;
        }
    }

    @ParameterizedTest
    @EnumSource
    void turns_gatheredForSomeTime_costAtMostTheirLimit(Wait wait) {
        String id = "gathered-" + wait;
        try (LocalTable table = LocalTable.create()) {
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            List<List<SessionEvent>> writes = gathered(conversation(id), wait.duration);
            for (List<SessionEvent> turns : writes) {
                writer.apply(id, turns).await().atMost(TIMEOUT);
            }
            double units = table.consumed("UpdateItem") / TURNS;
            System.out.printf(
                    "GatheredTurnsCostIT: waiting %d s: %.2f write units a turn, %.2f turns a write%n",
                    wait.duration.toSeconds(), units, (double) TURNS / writes.size());
            assertThat(table.get(id).counters().turns()).isEqualTo(TURNS);
            assertThat(units).isLessThanOrEqualTo(wait.maxWriteUnits);
        }
    }

    private static List<TurnRecorded> conversation(String id) {
        Prose prose = new Prose(7);
        Random random = new Random(7);
        List<TurnRecorded> turns = new ArrayList<>();
        Instant at = LocalTable.NOW.minus(Duration.ofDays(1));
        for (int i = 0; i < TURNS; i++) {
            turns.add(EventCopies.at((TurnRecorded) prose.turn(id, i), at));
            boolean question = i % 2 == 0;
            at =
                    at.plusMillis(
                            question
                                    ? random.nextInt(1_000, 8_000)
                                    : random.nextInt(10_000, 40_000));
        }
        return turns;
    }

    /** Returns the turns of each time in which the consumer waits, if there are any. */
    private static List<List<SessionEvent>> gathered(List<TurnRecorded> turns, Duration wait) {
        List<List<SessionEvent>> writes = new ArrayList<>();
        Instant end = Instant.MIN;
        for (TurnRecorded turn : turns) {
            if (!turn.occurredAt().isBefore(end)) {
                writes.add(new ArrayList<>());
                end = wait.isZero() ? Instant.MIN : endOfWait(turn.occurredAt(), wait);
            }
            writes.getLast().add(turn);
        }
        return writes;
    }

    /** One wait follows the other. */
    private static Instant endOfWait(Instant at, Duration wait) {
        long waits = at.toEpochMilli() / wait.toMillis() + 1;
        return Instant.ofEpochMilli(waits * wait.toMillis());
    }
}

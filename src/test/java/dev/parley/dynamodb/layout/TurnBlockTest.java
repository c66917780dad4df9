package dev.parley.dynamodb.layout;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Json;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests which turns of a block are returned for a time range. */
class TurnBlockTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final int BLOCKS = 300;
    private static final int MAX_TURNS = 8;
    private static final int SECONDS = 12;

    @ParameterizedTest
    @EnumSource
    void turns_withinATimeRange_areThoseWhoseTimeIsInIt(TurnBlock.Encoding encoding) {
        Random random = new Random(7);
        for (int block = 0; block < BLOCKS; block++) {
            List<Turn> turns =
                    random.ints(random.nextInt(MAX_TURNS), 0, SECONDS)
                            .sorted()
                            .mapToObj(TurnBlockTest::turn)
                            .toList();
            int from = random.nextInt(SECONDS);
            TimeRange range =
                    new TimeRange(
                            at(from),
                            random.nextBoolean() ? Instant.MAX : at(random.nextInt(from, SECONDS)));

            List<Json> within =
                    TurnBlock.stored(TurnBlock.of(turns, encoding).toAttribute()).within(range);

            assertThat(within)
                    .as("%s within %s", turns, range)
                    .containsExactlyElementsOf(
                            turns.stream()
                                    .filter(turn -> range.contains(turn.occurredAt()))
                                    .map(turn -> TurnBlock.line(turn).json())
                                    .toList());
        }
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static Turn turn(int second) {
        return event("s-1").at(at(second)).turn("t-" + second, "hi").turn();
    }
}

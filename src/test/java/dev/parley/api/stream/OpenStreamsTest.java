package dev.parley.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.problem.BusyException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests how callers share the streams that may be open at the same time. */
class OpenStreamsTest {

    private static final int MAX_STREAMS = 8;

    private final OpenStreams streams = new OpenStreams(MAX_STREAMS);

    @Test
    void caller_thatOpensItsWholeShare_leavesStreamsForOthers() {
        assertThat(openAll("greedy")).hasSize(4);
        assertThat(openAll("greedy too")).hasSize(2);
        assertThat(openAll("third")).hasSize(1);
        assertThat(openAll("fourth")).hasSize(1);
        assertThat(openAll("fifth")).isEmpty();
    }

    @Test
    void streams_thatAreClosed_areFreeForAllCallers() {
        List<AssertSubscriber<Object>> open = openAll("a");
        open.forEach(AssertSubscriber::cancel);

        assertThat(openAll("b")).hasSize(4);
        assertThat(openAll("a")).hasSize(2);
    }

    @Test
    void callers_withoutAName_shareAllStreams() {
        assertThat(openAll(Optional.empty())).hasSize(MAX_STREAMS);
    }

    @Test
    void stream_thatFailsOrEnds_isFreeAgain() {
        for (int i = 0; i < 3 * MAX_STREAMS; i++) {
            open(Multi.createFrom().empty(), Optional.of("a")).assertCompleted();
            open(Multi.createFrom().failure(IllegalStateException::new), Optional.of("a"))
                    .assertFailedWith(IllegalStateException.class);
        }

        assertThat(openAll("a")).hasSize(4);
    }

    private List<AssertSubscriber<Object>> openAll(String caller) {
        return openAll(Optional.of(caller));
    }

    /** Opens streams until one is refused, and returns those that are open. */
    private List<AssertSubscriber<Object>> openAll(Optional<String> caller) {
        List<AssertSubscriber<Object>> open = new ArrayList<>();
        while (true) {
            AssertSubscriber<Object> next = open(Multi.createFrom().nothing(), caller);
            if (next.getFailure() != null) {
                next.assertFailedWith(BusyException.class, "oo many streams");
                return open;
            }
            open.add(next);
        }
    }

    private AssertSubscriber<Object> open(Multi<Object> stream, Optional<String> caller) {
        return streams.bounded(stream, caller)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
    }
}

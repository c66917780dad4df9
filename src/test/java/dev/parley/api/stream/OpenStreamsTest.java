package dev.parley.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.problem.BusyException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {

    private static final int PLACES = 8;

    private final OpenStreams streams = new OpenStreams(PLACES);

    @Test
    void caller_whoTakesAllTheyGet_leavesPlacesForOthers() {
        assertThat(opened("greedy")).hasSize(4);
        assertThat(opened("greedy too")).hasSize(2);
        assertThat(opened("third")).hasSize(1);
        assertThat(opened("fourth")).hasSize(1);
        assertThat(opened("fifth")).isEmpty();
    }

    @Test
    void places_thatAreGivenBack_areThereForAnybody() {
        List<AssertSubscriber<Object>> open = opened("a");
        open.forEach(AssertSubscriber::cancel);

        assertThat(opened("b")).hasSize(4);
        assertThat(opened("a")).hasSize(2);
    }

    @Test
    void callers_whoCantBeToldApart_shareAllPlaces() {
        assertThat(opened(Optional.empty())).hasSize(PLACES);
    }

    @Test
    void stream_thatFailsOrEnds_givesItsPlaceBack() {
        for (int i = 0; i < 3 * PLACES; i++) {
            open(Multi.createFrom().empty(), Optional.of("a")).assertCompleted();
            open(Multi.createFrom().failure(IllegalStateException::new), Optional.of("a"))
                    .assertFailedWith(IllegalStateException.class);
        }

        assertThat(opened("a")).hasSize(4);
    }

    private List<AssertSubscriber<Object>> opened(String caller) {
        return opened(Optional.of(caller));
    }

    /** As many as one gets. */
    private List<AssertSubscriber<Object>> opened(Optional<String> caller) {
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

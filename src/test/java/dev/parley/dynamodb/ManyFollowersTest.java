package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.session.FollowStart;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many who look at the same conversation. */
@Tag("slow")
class ManyFollowersTest {

    private static final int FOLLOWERS = 200;
    private static final int TURNS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final AtomicInteger told = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void followers_ofOneSession_hearOfEachTurn_andLookTogether() {
        try (LocalTable table = LocalTable.create()) {
            table.apply(event("s-1").turn("t-first", "Hello"));
            List<Cancellable> followers = follow(table.reader(LocalTable.NOW));
            awaitTold(FOLLOWERS);
            double before = table.consumed("GetItem");

            for (int i = 1; i <= TURNS; i++) {
                table.apply(event("s-1").at(i).turn("t-" + i, "x".repeat(300)));
                awaitTold(FOLLOWERS * (1 + i));
            }

            assertThat(failure).hasNullValue();
            // A read for all of them, each time, and now and then one that found nothing new.
            assertThat(table.consumed("GetItem") - before).isLessThan(FOLLOWERS);
            followers.forEach(Cancellable::cancel);
        }
    }

    private List<Cancellable> follow(SessionReader reader) {
        List<Cancellable> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(
                    reader.follow("s-1", new FollowStart.Recent())
                            .await()
                            .atMost(PATIENCE)
                            .orElseThrow()
                            .subscribe()
                            .with(this::count, failure::set));
        }
        return followers;
    }

    private void count(SessionChange change) {
        if (change instanceof TurnChanged) {
            told.incrementAndGet();
        }
    }

    private void awaitTold(int turns) {
        await().atMost(PATIENCE).until(() -> told.get() == turns);
    }
}

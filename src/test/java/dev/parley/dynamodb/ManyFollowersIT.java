package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.session.FollowStart;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that many followers of one session all receive its turns and share their reads. */
@Tag("slow")
class ManyFollowersIT {

    private static final int FOLLOWERS = 200;
    private static final int TURNS = 10;

    private final AtomicInteger receivedTurns = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void followers_ofSameSession_receiveEachTurnAndShareReads() {
        try (LocalTable table = LocalTable.create()) {
            table.apply(event("s-1").turn("t-first", "Hello"));
            List<Cancellable> followers = follow(table.reader(LocalTable.NOW));
            awaitReceivedTurns(FOLLOWERS);
            double before = table.consumed("GetItem");

            for (int i = 1; i <= TURNS; i++) {
                table.apply(event("s-1").at(i).turn("t-" + i, "x".repeat(300)));
                awaitReceivedTurns(FOLLOWERS * (1 + i));
            }

            assertThat(failure).hasNullValue();
            // One read serves all followers. Some of the reads find no change.
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
                            .atMost(TIMEOUT)
                            .orElseThrow()
                            .subscribe()
                            .with(this::countTurn, failure::set));
        }
        return followers;
    }

    private void countTurn(SessionChange change) {
        if (change instanceof TurnChanged) {
            receivedTurns.incrementAndGet();
        }
    }

    private void awaitReceivedTurns(int turns) {
        await().atMost(TIMEOUT).until(() -> receivedTurns.get() == turns);
    }
}

package dev.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.stream.ServerSentEvent;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.TurnsErased;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a slow client gets all events. */
class ServerSentChangesTest {

    private static final int CHANGES = 100;
    private static final PageTokens TOKENS =
            new PageTokens(ApiSettings.with("token-key", "thirty-two characters, no more.."));

    @Test
    void client_thatRequestsOneEventAtATime_getsAllEvents() {
        Multi<SessionChange> changes =
                Multi.createFrom()
                        .range(0, CHANGES)
                        .map(second -> new TurnsErased(Instant.ofEpochSecond(second), "c"));
        ServerSentChanges events =
                new ServerSentChanges(new ObjectMapper().findAndRegisterModules(), TOKENS, "s-1");

        AssertSubscriber<ServerSentEvent> client =
                events.of(changes, Duration.ofHours(1), List.of(Multi.createFrom().nothing()))
                        .subscribe()
                        .withSubscriber(AssertSubscriber.create(0));
        for (int i = 0; i <= CHANGES; i++) {
            client.awaitNextItem();
        }

        assertThat(client.getItems()).hasSize(CHANGES + 1);
        client.request(1).awaitCompletion();
    }
}

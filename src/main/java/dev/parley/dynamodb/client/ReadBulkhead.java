package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.session.SessionStoreException;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Limits the number of concurrent DynamoDB requests of readers to {@link
 * TableConfig#readConcurrency}. Further requests of readers wait, so that connections stay free for
 * ingestion.
 */
@ApplicationScoped
public class ReadBulkhead implements Requests.Admission {

    /**
     * The number of requests that may wait, for each request in progress. Further requests fail at
     * once.
     */
    private static final int WAITING = 32;

    private final Guard guard;

    ReadBulkhead(TableConfig config) {
        guard =
                Guard.create()
                        .withBulkhead()
                        .limit(config.readConcurrency())
                        .queueSize(WAITING * config.readConcurrency())
                        .done()
                        .build();
    }

    /**
     * Makes the request when a place is free. If the caller cancels while the request waits,
     * because its deadline has passed, the request is not made and the next one follows. Fails with
     * {@link SessionStoreException.Unavailable} if too many requests wait.
     */
    @Override
    public <T> Uni<T> admit(Supplier<Uni<T>> request) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            AtomicBoolean left = new AtomicBoolean();
                            return guarded(() -> left.get() ? nobody() : request.get())
                                    .onCancellation()
                                    .invoke(() -> left.set(true));
                        })
                .onFailure(BulkheadException.class)
                .transform(
                        full ->
                                new SessionStoreException.Unavailable(
                                        "too many reads at the same time", full));
    }

    @SuppressWarnings("unchecked")
    private <T> Uni<T> guarded(Supplier<Uni<T>> request) {
        return (Uni<T>) guard.get(() -> (Uni<?>) request.get(), Uni.class);
    }

    private static <T> Uni<T> nobody() {
        return Uni.createFrom().failure(() -> new IllegalStateException("nobody waits for it"));
    }
}

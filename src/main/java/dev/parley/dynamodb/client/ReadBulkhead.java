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
 * Lets so many requests of readers to DynamoDB at a time: dashboards may wait for each other, but
 * what ingestion needs of the connections stays free.
 */
@ApplicationScoped
public class ReadBulkhead implements DynamoDb.Admission {

    /** Requests that wait, for each that is under way; who would wait longer is told at once. */
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

    /** Whoever has given up waiting, its deadline being over, leaves its turn to those behind. */
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

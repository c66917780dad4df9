package dev.parley.ingest;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where records are decoded and writes are planned: a large record takes long for both, and event
 * loops have readers to serve meanwhile. As many threads as there are processors, so that what is
 * decoded at a time, which takes heap, is bounded by that, too.
 */
@ApplicationScoped
class IngestThreads {

    /** The qualifier of the executor, for whoever works for ingestion. */
    static final String NAME = "ingestion";

    /** What the names of its threads begin with. */
    static final String PREFIX = "parley-ingestion-";

    private final ThreadPoolExecutor threads;

    IngestThreads() {
        int size = Math.max(2, Runtime.getRuntime().availableProcessors());
        threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name(PREFIX, 0).factory(),
                        // Work that comes after the end is nobody's failure: it stays undone.
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    @Produces
    @Singleton
    @Identifier(NAME)
    Executor executor() {
        return threads;
    }

    @PreDestroy
    void end() {
        threads.shutdown();
    }
}

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
 * The threads on which records are decoded and writes are planned. Both take long for a large
 * record, and the event loops have to serve readers meanwhile. There are as many threads as
 * processors, but at least two. So they also bound how many records are decoded at the same time,
 * which takes heap.
 */
@ApplicationScoped
class IngestThreads {

    /** The qualifier of the executor, for classes that work for ingestion. */
    static final String NAME = "ingestion";

    /** The prefix of the names of the threads. */
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
                        // Work that arrives after the shutdown is dropped without a failure.
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    @Produces
    @Singleton
    @Identifier(NAME)
    Executor executor() {
        return threads;
    }

    @PreDestroy
    void shutDown() {
        threads.shutdown();
    }
}

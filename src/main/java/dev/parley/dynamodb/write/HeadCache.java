package dev.parley.dynamodb.write;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TableConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Caches the heads of the sessions that this instance writes, so that a turn needs no read. A
 * cached head may be outdated: then the condition of the write is false, and the response contains
 * the current head.
 */
@Startup // registers its metrics at start, with the value zero
@ApplicationScoped
public class HeadCache {

    private final Cache<String, SessionHead> heads;
    private final Counter hits;
    private final Counter misses;

    public HeadCache(TableConfig config, MeterRegistry metrics) {
        hits = gets("hit", metrics);
        misses = gets("miss", metrics);
        heads =
                Caffeine.newBuilder()
                        .maximumWeight(config.cacheBytes())
                        .weigher(HeadWeight::bytes)
                        .executor(Runnable::run)
                        .build();
    }

    public Optional<SessionHead> get(String sessionId) {
        SessionHead head = heads.getIfPresent(sessionId);
        (head == null ? misses : hits).increment();
        return Optional.ofNullable(head);
    }

    public void put(String sessionId, SessionHead head) {
        heads.put(sessionId, head);
    }

    public void remove(String sessionId) {
        heads.invalidate(sessionId);
    }

    public void clear() {
        heads.invalidateAll();
    }

    private static Counter gets(String result, MeterRegistry metrics) {
        return Counter.builder("parley.head.cache.gets")
                .description("Heads looked for in the cache; a miss costs a read")
                .tag("result", result)
                .register(metrics);
    }
}

package dev.parley.api;

import dev.parley.api.stream.OpenStreams;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings and limits of the REST API. */
@ConfigMapping(prefix = "parley.api")
interface ApiConfig {

    /** How long a read may take before its client gets the status 503 and has to try again. */
    @WithDefault("5s")
    Duration deadline();

    /**
     * The key that signs page tokens: any text of 32 characters or more, the same on all instances.
     * Without it, each instance signs with its own random key. Then a list can be continued only at
     * the instance that began it, until that instance restarts.
     */
    Optional<String> tokenKey();

    /** The longest time range of a list of sessions without a user. */
    @WithDefault("366d")
    Duration listMaxWindow();

    /**
     * How many histories are streamed at the same time. Each stream may take some 500 KB of heap.
     * One caller, identified by their token, gets half of the streams at most: see {@link
     * OpenStreams}.
     */
    @WithDefault("50")
    int maxTurnStreams();

    /**
     * How many sessions are followed at the same time, by all clients together. One caller gets
     * half of these streams at most.
     */
    @WithDefault("1000")
    int maxEventStreams();

    /** The interval of the comments that show that a stream of events is still alive. */
    @WithDefault("15s")
    Duration heartbeat();

    /** The longest time range of statistics. */
    @WithDefault("7d")
    Duration statsMaxWindow();

    /**
     * How many sessions one request for statistics may read. Each session costs half a read unit or
     * a little more. Hours that are in the cache are not read again.
     */
    @WithDefault("20000")
    int statsMaxSessions();

    /**
     * The heap, in bytes, for the cache of counted hours. An hour with a few channels takes a few
     * KB.
     */
    @WithDefault("33554432")
    long statsCacheBytes();

    /** How long a request for statistics may take. It reads more than other requests. */
    @WithDefault("20s")
    Duration statsDeadline();
}

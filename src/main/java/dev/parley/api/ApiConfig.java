package dev.parley.api;

import dev.parley.api.stream.OpenStreams;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What readers may ask for. */
@ConfigMapping(prefix = "parley.api")
interface ApiConfig {

    /** How long a read may take before its client is told to come again (503). */
    @WithDefault("5s")
    Duration deadline();

    /**
     * What page tokens are signed with: any text of 32 characters or more, the same on all
     * instances. Without it each instance signs with a key of its own, so that a list can only be
     * gone on with at the instance that began it, until it restarts.
     */
    Optional<String> tokenKey();

    /** The longest time that a list of sessions may span without a user. */
    @WithDefault("366d")
    Duration listMaxWindow();

    /**
     * Histories that are streamed at the same time; each may hold some 500 KB of heap. One caller,
     * told by their token, can have half of them at most: see {@link OpenStreams}.
     */
    @WithDefault("50")
    int maxTurnStreams();

    /**
     * Sessions whose events are followed at the same time, by all clients together; one caller can
     * have half of them at most.
     */
    @WithDefault("1000")
    int maxEventStreams();

    /** How often a stream of events says that it is still there. */
    @WithDefault("15s")
    Duration heartbeat();

    /** The longest time that statistics may span. */
    @WithDefault("7d")
    Duration statsMaxWindow();

    /**
     * Sessions that one request for statistics may read; each costs half a read unit or a little
     * more. What was counted lately is not read again.
     */
    @WithDefault("20000")
    int statsMaxSessions();

    /** Heap in bytes for what was counted lately, a few KB an hour with a few channels. */
    @WithDefault("33554432")
    long statsCacheBytes();

    /** How long statistics may take: they read more than others do. */
    @WithDefault("20s")
    Duration statsDeadline();
}

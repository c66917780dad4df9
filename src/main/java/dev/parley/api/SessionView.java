package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.session.Counters;
import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.Usage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as REST shows it: the schema {@code Session} of the OpenAPI document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record SessionView(
        String sessionId,
        @Nullable String userId,
        @Nullable String channel,
        String status,
        Instant startedAt,
        Instant lastActivityAt,
        long durationMs,
        long turnCount,
        Map<String, Long> turnsByRole,
        UsageView usage,
        LatencyView latency,
        long errorCount,
        Map<String, Json> attributes,
        Map<String, Json> userData,
        long version,
        Instant asOf,
        @Nullable List<Json> turns) {

    /**
     * The tokens of a session. Cached input tokens and reasoning tokens are left out if they are 0.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record UsageView(
            long inputTokens,
            long outputTokens,
            @Nullable Long cachedInputTokens,
            @Nullable Long reasoningTokens) {

        static UsageView of(Usage usage) {
            return new UsageView(
                    usage.inputTokens(),
                    usage.outputTokens(),
                    usage.cachedInputTokens() == 0 ? null : usage.cachedInputTokens(),
                    usage.reasoningTokens() == 0 ? null : usage.reasoningTokens());
        }
    }

    record LatencyView(long count, long sumMs, long maxMs) {}

    static SessionView of(Session session) {
        return of(session, session.recentTurns());
    }

    static SessionView withoutTurns(Session session) {
        return of(session, null);
    }

    private static SessionView of(Session session, @Nullable List<Json> turns) {
        Counters counters = session.counters();
        return new SessionView(
                session.id(),
                session.userId(),
                session.channel(),
                session.status().name().toLowerCase(Locale.ROOT),
                session.startedAt(),
                session.lastActivityAt(),
                session.duration().toMillis(),
                counters.turns(),
                byRole(counters),
                UsageView.of(counters.usage()),
                new LatencyView(
                        counters.latency().count(),
                        counters.latency().sumMs(),
                        counters.latency().maxMs()),
                counters.errors(),
                session.attributes(),
                session.userData(),
                session.version(),
                session.asOf(),
                turns);
    }

    static Map<String, Long> byRole(Counters counters) {
        Map<String, Long> byRole = new LinkedHashMap<>();
        for (Role role : Role.values()) {
            Long turns = counters.turnsByRole().get(role);
            if (turns != null) {
                byRole.put(role.wireName(), turns);
            }
        }
        return byRole;
    }
}

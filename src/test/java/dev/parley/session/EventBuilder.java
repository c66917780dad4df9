package dev.parley.session;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds events for tests: {@code event("s-1").at(3).userId("u-1").turn("t-1", "hi")}. */
public final class EventBuilder {

    /** The time of second 0: {@link #at} counts seconds from here. */
    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final String sessionId;
    private final Map<String, Optional<Json>> attributes = new LinkedHashMap<>();
    private final Map<String, Optional<Json>> userData = new LinkedHashMap<>();
    private Instant at = START;
    private long revision;
    private @Nullable Long sequence;
    private Role role = Role.USER;
    private @Nullable String userId;
    private @Nullable String channel;
    private @Nullable Usage usage;
    private @Nullable Long latencyMs;
    private @Nullable Json error;
    private boolean clears;

    private EventBuilder(String sessionId) {
        this.sessionId = sessionId;
    }

    public static EventBuilder event(String sessionId) {
        return new EventBuilder(sessionId);
    }

    public EventBuilder at(long second) {
        return at(START.plusSeconds(second));
    }

    public EventBuilder at(Instant instant) {
        at = instant;
        return this;
    }

    public EventBuilder revision(long value) {
        revision = value;
        return this;
    }

    public EventBuilder sequence(long value) {
        sequence = value;
        return this;
    }

    public EventBuilder role(Role value) {
        role = value;
        return this;
    }

    public EventBuilder userId(String value) {
        userId = value;
        return this;
    }

    public EventBuilder channel(String value) {
        channel = value;
        return this;
    }

    public EventBuilder usage(long inputTokens, long outputTokens) {
        usage = new Usage(inputTokens, outputTokens);
        return this;
    }

    public EventBuilder latencyMs(long value) {
        latencyMs = value;
        return this;
    }

    public EventBuilder error() {
        error = text("failed");
        return this;
    }

    public EventBuilder clears() {
        clears = true;
        return this;
    }

    public EventBuilder attribute(String key, @Nullable String value) {
        attributes.put(key, Optional.ofNullable(value).map(EventBuilder::text));
        return this;
    }

    public EventBuilder userData(String key, @Nullable String value) {
        userData.put(key, Optional.ofNullable(value).map(EventBuilder::text));
        return this;
    }

    public TurnRecorded turn(String id, String content) {
        return new TurnRecorded(
                sessionId,
                new Turn(
                        id,
                        at,
                        revision,
                        sequence,
                        role,
                        text(content),
                        userId,
                        channel,
                        null,
                        usage,
                        latencyMs,
                        error,
                        null),
                patch());
    }

    public SessionUpdated updated() {
        return new SessionUpdated(sessionId, at, patch());
    }

    public SessionEnded ended() {
        return new SessionEnded(sessionId, at, patch());
    }

    public SessionDeleted deleted() {
        return new SessionDeleted(sessionId, at);
    }

    /** Returns the text as a JSON string. */
    public static Json text(String value) {
        String escaped = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value));
        return new Json('"' + escaped + '"');
    }

    private Patch patch() {
        return new Patch(userId, channel, clears, attributes, userData);
    }
}

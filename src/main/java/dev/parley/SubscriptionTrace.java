package dev.parley;

import io.opentelemetry.context.Context;

/**
 * The trace in the context of a Mutiny subscription. Ingestion stores it there, and the store reads
 * it, because each step of a subscription may run on another thread.
 */
public final class SubscriptionTrace {

    /** The key of the trace; its value is an OpenTelemetry {@link Context}. */
    public static final String KEY = Context.class.getName();

    private SubscriptionTrace() {}
}

/**
 * Kafka → sessions. {@link dev.parley.ingest.EventConsumer} takes batches of records, an {@link
 * dev.parley.ingest.EventDecoder} for each format says what a record means, and what can never be
 * stored goes to {@link dev.parley.ingest.DeadLetters}.
 */
@NullMarked
package dev.parley.ingest;

import org.jspecify.annotations.NullMarked;

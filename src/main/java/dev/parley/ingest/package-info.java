/**
 * Kafka → sessions. {@link dev.parley.ingest.EventConsumer} takes batches of records, {@link
 * dev.parley.ingest.ParleyEventDecoder} says what a record means, and what can never be stored goes
 * to {@link dev.parley.ingest.DeadLetters}.
 */
@NullMarked
package dev.parley.ingest;

import org.jspecify.annotations.NullMarked;

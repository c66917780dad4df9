/**
 * Takes events from Kafka and writes them to sessions. {@link dev.parley.ingest.EventConsumer}
 * takes batches of records, a {@link dev.parley.ingest.decode.EventDecoder} for each format
 * determines what a record means, and {@link dev.parley.ingest.DeadLetters} writes records that can
 * never be stored to the dead-letter topic.
 */
@NullMarked
package dev.parley.ingest;

import org.jspecify.annotations.NullMarked;

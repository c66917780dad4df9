package dev.parley.ingest;

import dev.parley.ingest.decode.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that can never be stored, and the reason. */
record RejectedRecord(ConsumerRecord<byte[], byte[]> record, UndecodableException why) {}

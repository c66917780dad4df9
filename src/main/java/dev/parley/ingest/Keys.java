package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The key of a record, which is the session's id where the value names none. */
final class Keys {

    private Keys() {}

    /** The key as text; empty where there is none, nothing in it, or no text in it. */
    static Optional<String> text(ConsumerRecord<byte[], byte[]> received) {
        byte[] key = received.key();
        if (key == null || key.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}

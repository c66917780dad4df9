package dev.parley.dynamodb;

import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.OptionalDouble;

/** A way to store one session in DynamoDB, which reports the capacity units of its requests. */
interface SessionStorage extends AutoCloseable {

    /** Stores one more turn and returns the write units; empty if DynamoDB refuses the turn. */
    OptionalDouble append(TurnRecorded turn);

    /** Reads the whole history, eventually consistent, and returns the read units. */
    double readAll();

    @Override
    void close();
}

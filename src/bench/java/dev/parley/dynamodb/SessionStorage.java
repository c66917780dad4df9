package dev.parley.dynamodb;

import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.OptionalDouble;

/** A way to keep one session in DynamoDB, with its price in capacity units. */
interface SessionStorage extends AutoCloseable {

    /** Stores one more turn and tells the write units; empty if it can't be stored any more. */
    OptionalDouble append(TurnRecorded turn);

    /** Reads the whole history, eventually consistent, and tells the read units. */
    double readAll();

    @Override
    void close();
}

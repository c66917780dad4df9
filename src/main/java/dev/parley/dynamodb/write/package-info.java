/**
 * Writes the plans for one batch of events of one session, and makes them again if another writer
 * was faster. Start with {@link dev.parley.dynamodb.write.SessionUpdate}.
 */
@NullMarked
package dev.parley.dynamodb.write;

import org.jspecify.annotations.NullMarked;

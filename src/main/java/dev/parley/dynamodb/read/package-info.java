/** Reads one session, its turns, and lists of sessions. */
@NullMarked
package dev.parley.dynamodb.read;

import org.jspecify.annotations.NullMarked;

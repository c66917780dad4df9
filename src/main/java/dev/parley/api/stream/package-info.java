/** Responses that are written as they are read: NDJSON and Server-Sent Events. */
@NullMarked
package dev.parley.api.stream;

import org.jspecify.annotations.NullMarked;

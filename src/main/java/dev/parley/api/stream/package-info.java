/** Responses that are written as their clients read them: NDJSON and Server-Sent Events. */
@NullMarked
package dev.parley.api.stream;

import org.jspecify.annotations.NullMarked;

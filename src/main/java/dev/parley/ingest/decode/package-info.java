/**
 * Decodes records into events. There is one {@link dev.parley.ingest.decode.EventDecoder} for each
 * format; {@link dev.parley.ingest.decode.EventDecoders} lists them in the order in which they are
 * tried.
 */
@NullMarked
package dev.parley.ingest.decode;

import org.jspecify.annotations.NullMarked;

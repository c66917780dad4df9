/**
 * What a record means. One {@link dev.parley.ingest.decode.EventDecoder} for each format; {@link
 * dev.parley.ingest.decode.EventDecoders} has them in the order in which they are asked.
 */
@NullMarked
package dev.parley.ingest.decode;

import org.jspecify.annotations.NullMarked;

/** The command that publishes the records of the dead-letter topic again. */
@NullMarked
package dev.parley.ingest.replay;

import org.jspecify.annotations.NullMarked;

/** Tests the packaged service, which runs as a separate process. */
@NullMarked
package dev.parley.packaged;

import org.jspecify.annotations.NullMarked;

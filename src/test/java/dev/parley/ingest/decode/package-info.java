@NullMarked
package dev.parley.ingest.decode;

import org.jspecify.annotations.NullMarked;

/** Verifies the documents against the code. */
@NullMarked
package dev.parley.docs;

import org.jspecify.annotations.NullMarked;

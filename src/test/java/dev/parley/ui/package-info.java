/** The page in a real browser. */
@NullMarked
package dev.parley.ui;

import org.jspecify.annotations.NullMarked;

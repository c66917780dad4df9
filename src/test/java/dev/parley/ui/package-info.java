/** Tests of the UI in a real browser. */
@NullMarked
package dev.parley.ui;

import org.jspecify.annotations.NullMarked;

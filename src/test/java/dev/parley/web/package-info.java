/** The page in a real browser. */
@NullMarked
package dev.parley.web;

import org.jspecify.annotations.NullMarked;

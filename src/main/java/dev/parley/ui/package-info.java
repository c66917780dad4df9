/**
 * The page for people: static files that show what {@link dev.parley.api} gives, in a browser. They
 * are under {@code META-INF/resources/ui}; here is when and how they are served.
 */
@NullMarked
package dev.parley.ui;

import org.jspecify.annotations.NullMarked;

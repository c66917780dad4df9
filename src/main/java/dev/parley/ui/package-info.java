/**
 * The UI: static files that show in a browser what {@link dev.parley.api} returns. The files are in
 * {@code META-INF/resources/ui}. This package determines when and how they are served.
 */
@NullMarked
package dev.parley.ui;

import org.jspecify.annotations.NullMarked;

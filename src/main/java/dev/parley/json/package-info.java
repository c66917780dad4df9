/**
 * Converts between Jackson and {@link dev.parley.session.Json}. All JSON that enters or leaves
 * Parley is read and written here, so that a value leaves as it came.
 */
@NullMarked
package dev.parley.json;

import org.jspecify.annotations.NullMarked;

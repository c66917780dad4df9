/**
 * Jackson ⇄ {@link dev.parley.session.Json}: how JSON is read and written wherever it crosses
 * Parley's border, so that a value leaves as it came.
 */
@NullMarked
package dev.parley.json;

import org.jspecify.annotations.NullMarked;

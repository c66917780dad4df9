/** Contains clients and fixtures that several tests use. */
@NullMarked
package dev.parley.support;

import org.jspecify.annotations.NullMarked;

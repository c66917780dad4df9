/** Who gets in, and who doesn't. */
@NullMarked
package dev.parley.security;

import org.jspecify.annotations.NullMarked;

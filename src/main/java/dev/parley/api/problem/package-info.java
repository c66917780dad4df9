/** Errors: each response that is not a success is {@code application/problem+json} (RFC 9457). */
@NullMarked
package dev.parley.api.problem;

import org.jspecify.annotations.NullMarked;

/**
 * Errors: each response that is none of success, as {@code application/problem+json} (RFC 9457).
 */
@NullMarked
package dev.parley.api.problem;

import org.jspecify.annotations.NullMarked;

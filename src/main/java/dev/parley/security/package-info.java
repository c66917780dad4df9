/**
 * Determines who may read: the bearer tokens of an OpenID provider, and the sessions that the owner
 * of a token may see. Quarkus OIDC validates the tokens themselves.
 */
@NullMarked
package dev.parley.security;

import org.jspecify.annotations.NullMarked;

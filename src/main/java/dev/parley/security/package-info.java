/**
 * Who may read: bearer tokens of an OpenID provider, and what the one who carries a token sees. The
 * tokens themselves are checked by Quarkus OIDC.
 */
@NullMarked
package dev.parley.security;

import org.jspecify.annotations.NullMarked;

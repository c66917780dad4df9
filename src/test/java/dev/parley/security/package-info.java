/** Tests of who may read: tokens, roles, the sign-in of the UI, the audit log, and secrets. */
@NullMarked
package dev.parley.security;

import org.jspecify.annotations.NullMarked;

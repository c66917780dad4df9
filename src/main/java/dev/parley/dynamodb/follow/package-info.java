/** Follows a session: reports new turns as they are stored. */
@NullMarked
package dev.parley.dynamodb.follow;

import org.jspecify.annotations.NullMarked;

/** Finds, reads and removes the pages of a session, which hold its older turns. */
@NullMarked
package dev.parley.dynamodb.pages;

import org.jspecify.annotations.NullMarked;

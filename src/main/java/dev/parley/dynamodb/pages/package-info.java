/** Finds, reads and erases the pages of a session, which contain its older turns. */
@NullMarked
package dev.parley.dynamodb.pages;

import org.jspecify.annotations.NullMarked;

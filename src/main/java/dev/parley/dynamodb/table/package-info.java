/**
 * The table itself: creates it, compares it with what Parley needs, and reports it in health
 * checks.
 */
@NullMarked
package dev.parley.dynamodb.table;

import org.jspecify.annotations.NullMarked;

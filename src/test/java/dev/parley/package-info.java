/** Parley as a whole, from Kafka to REST, and what holds for all of its code. */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;

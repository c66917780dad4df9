/**
 * What Parley needs around it, without Docker: the real DynamoDB Local and a real Kafka broker in a
 * child JVM, for the tests and for {@code ./mvnw -Plocal}, and the demo's traffic.
 */
@NullMarked
package dev.parley.local;

import org.jspecify.annotations.NullMarked;

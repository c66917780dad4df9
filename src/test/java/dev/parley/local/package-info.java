/**
 * Runs the infrastructure of Parley without Docker: the real DynamoDB Local and a real Kafka broker
 * in a child JVM. The tests and {@code ./mvnw -Plocal} use it. Contains the demo's traffic, too.
 */
@NullMarked
package dev.parley.local;

import org.jspecify.annotations.NullMarked;

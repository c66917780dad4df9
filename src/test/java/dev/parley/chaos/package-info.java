/**
 * Tests the packaged service while its instances, DynamoDB and the broker are stopped and killed.
 * {@link dev.parley.chaos.ChaosIT} describes what must be true in the end.
 */
@NullMarked
package dev.parley.chaos;

import org.jspecify.annotations.NullMarked;

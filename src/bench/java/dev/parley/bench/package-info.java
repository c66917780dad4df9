/**
 * The benchmarks ({@code ./mvnw -Pbench}): the throughput of the packaged service and the resources
 * that it needs, mostly as ratios that can be compared between machines. {@link
 * dev.parley.bench.Benchmarks} runs them.
 */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;

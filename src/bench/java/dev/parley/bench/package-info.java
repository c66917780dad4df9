/**
 * {@code ./mvnw -Pbench}: what the packaged service gets through, as ratios that mean the same on
 * any machine, and what it needs for that. {@link dev.parley.bench.Benchmarks} runs it.
 */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;

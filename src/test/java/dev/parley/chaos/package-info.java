/**
 * The packaged service among real parts that are stopped and killed under it. {@link
 * dev.parley.chaos.ChaosIT} tells what must hold in the end.
 */
@NullMarked
package dev.parley.chaos;

import org.jspecify.annotations.NullMarked;

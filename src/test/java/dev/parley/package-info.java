/** Tests of all of Parley's code: the dependencies of packages, and the lanes of tests. */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;

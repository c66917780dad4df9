/** Verifies the bill of materials, and the files that a native image would be built from. */
@org.jspecify.annotations.NullMarked
package dev.parley.image;

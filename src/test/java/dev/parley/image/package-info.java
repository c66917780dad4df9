/** What a native image would be made of. */
@org.jspecify.annotations.NullMarked
package dev.parley.image;

@NullMarked
package dev.parley.packaged;

import org.jspecify.annotations.NullMarked;

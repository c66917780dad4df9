@NullMarked
package dev.parley.api.stream;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.parley.support;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.parley.docs;

import org.jspecify.annotations.NullMarked;

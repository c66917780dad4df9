@NullMarked
package dev.parley.dynamodb;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.parley.dynamodb.write;

import org.jspecify.annotations.NullMarked;

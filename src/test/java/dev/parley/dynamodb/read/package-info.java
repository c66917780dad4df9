@NullMarked
package dev.parley.dynamodb.read;

import org.jspecify.annotations.NullMarked;

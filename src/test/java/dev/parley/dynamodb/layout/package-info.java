@NullMarked
package dev.parley.dynamodb.layout;

import org.jspecify.annotations.NullMarked;

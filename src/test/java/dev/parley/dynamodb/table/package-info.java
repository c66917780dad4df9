@NullMarked
package dev.parley.dynamodb.table;

import org.jspecify.annotations.NullMarked;

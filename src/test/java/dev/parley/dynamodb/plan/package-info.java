@NullMarked
package dev.parley.dynamodb.plan;

import org.jspecify.annotations.NullMarked;

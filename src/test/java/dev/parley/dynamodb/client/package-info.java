@NullMarked
package dev.parley.dynamodb.client;

import org.jspecify.annotations.NullMarked;

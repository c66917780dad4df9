/**
 * Requests to DynamoDB: their expressions, their metrics and spans, how many are made at a time,
 * and what their failures mean. Start with {@link dev.parley.dynamodb.client.DynamoDb}.
 */
@NullMarked
package dev.parley.dynamodb.client;

import org.jspecify.annotations.NullMarked;

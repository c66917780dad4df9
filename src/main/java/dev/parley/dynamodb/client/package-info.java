/**
 * Requests to DynamoDB: their expressions, metrics and spans, the limit on concurrent requests, and
 * the translation of failures. Start with {@link dev.parley.dynamodb.client.DynamoDb}.
 */
@NullMarked
package dev.parley.dynamodb.client;

import org.jspecify.annotations.NullMarked;

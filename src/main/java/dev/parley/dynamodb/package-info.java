/**
 * The sessions in DynamoDB, and the only AWS code. Start with {@link
 * dev.parley.dynamodb.SessionTable}, the schema on one screen, then {@link
 * dev.parley.dynamodb.SessionPlanner}, which decides what to write and does no I/O, then {@link
 * dev.parley.dynamodb.DynamoDbSessionWriter}, which does nothing else.
 */
@NullMarked
package dev.parley.dynamodb;

import org.jspecify.annotations.NullMarked;

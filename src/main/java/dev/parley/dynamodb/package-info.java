/**
 * The sessions in DynamoDB, and the only AWS code: the reader and the writer that implement the
 * domain's ports. Format ({@link dev.parley.dynamodb.layout}) and rules ({@link
 * dev.parley.dynamodb.plan}) are pure; requests ({@link dev.parley.dynamodb.client}) are beside
 * them.
 */
@NullMarked
package dev.parley.dynamodb;

import org.jspecify.annotations.NullMarked;

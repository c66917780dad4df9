/**
 * Stores sessions in DynamoDB: the reader and the writer that implement the domain's ports. No
 * other package uses AWS. The format ({@link dev.parley.dynamodb.layout}) and the rules ({@link
 * dev.parley.dynamodb.plan}) are pure; {@link dev.parley.dynamodb.client} makes the requests.
 */
@NullMarked
package dev.parley.dynamodb;

import org.jspecify.annotations.NullMarked;

/**
 * The format: which items a session has, and what they contain. The package has records and pure
 * functions. It makes no requests and does nothing asynchronously. Start with {@link
 * dev.parley.dynamodb.layout.SessionTable}, which is the whole schema, then {@link
 * dev.parley.dynamodb.layout.SessionHead}.
 */
@NullMarked
package dev.parley.dynamodb.layout;

import org.jspecify.annotations.NullMarked;

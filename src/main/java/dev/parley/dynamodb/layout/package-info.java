/**
 * The format: which items a session has and what is in them. Records and pure functions; no
 * requests, nothing asynchronous. Start with {@link dev.parley.dynamodb.layout.SessionTable}, the
 * schema on one screen, then {@link dev.parley.dynamodb.layout.SessionHead}.
 */
@NullMarked
package dev.parley.dynamodb.layout;

import org.jspecify.annotations.NullMarked;

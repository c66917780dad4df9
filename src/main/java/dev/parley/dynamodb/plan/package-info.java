/**
 * The rules: what to write for events, given what is stored. They are pure functions of both. The
 * package makes no requests and does nothing asynchronously. Start with {@link
 * dev.parley.dynamodb.plan.SessionPlanner}.
 */
@NullMarked
package dev.parley.dynamodb.plan;

import org.jspecify.annotations.NullMarked;

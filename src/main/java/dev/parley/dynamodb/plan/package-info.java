/**
 * The rules: what to write for events, given what is stored. Pure functions of both; no requests,
 * nothing asynchronous. Start with {@link dev.parley.dynamodb.plan.SessionPlanner}.
 */
@NullMarked
package dev.parley.dynamodb.plan;

import org.jspecify.annotations.NullMarked;

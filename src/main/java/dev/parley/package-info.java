/**
 * Parley keeps the session data of chatbots. Events come in through Kafka, one table stores the
 * sessions, and readers get them over REST.
 *
 * <pre>
 * chat platforms ──▶ Kafka topic ──▶ ingest ──▶ session ◀── dynamodb ──▶ table ChatbotSessions
 *                                      │           ▲
 *                                      ▼           └────── api ──▶ dashboards
 *                             dead-letter topic
 * </pre>
 *
 * <p>{@link dev.parley.session} is the domain and depends on no other package. {@link
 * dev.parley.ingest} passes events to it, {@link dev.parley.dynamodb} implements its two ports, and
 * {@link dev.parley.api} serves the sessions that {@link dev.parley.security} permits the caller to
 * see. {@link dev.parley.ui} serves the UI, which shows the same to people. The other packages read
 * and write JSON with {@link dev.parley.json}, which does not change it.
 *
 * <p>Start reading at {@link dev.parley.session.SessionEvent}, then at {@code ingest.EventConsumer}
 * and {@code dynamodb.plan.SessionPlanner}.
 */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;

/**
 * Parley keeps the session data of chatbots: one way in, one store, one way out.
 *
 * <pre>
 * chat platforms ──▶ Kafka topic ──▶ ingest ──▶ session ◀── dynamodb ──▶ table ChatbotSessions
 *                                      │           ▲
 *                                      ▼           └────── api ──▶ dashboards
 *                             dead-letter topic
 * </pre>
 *
 * <p>{@link dev.parley.session} is the domain and depends on nobody. {@link dev.parley.ingest}
 * gives it events, {@link dev.parley.dynamodb} implements its two ports, {@link dev.parley.api}
 * shows what it holds, as far as {@link dev.parley.security} lets the one who asks see it. {@link
 * dev.parley.web} serves the page that shows the same to people. {@link dev.parley.json} is how
 * they read and write JSON without changing it.
 *
 * <p>Start reading at {@link dev.parley.session.SessionEvent}, then {@code ingest.EventConsumer}
 * and {@code dynamodb.SessionPlanner}.
 */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;

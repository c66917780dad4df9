package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Recognises the envelope that Kafka Connect's JsonConverter writes while {@code schemas.enable} is
 * on: {@code {"schema": …, "payload": …}}.
 */
final class ConnectEnvelope {

    private ConnectEnvelope() {}

    static boolean isEnvelope(JsonNode json) {
        JsonNode schema = json.path("schema");
        return json.isObject()
                && json.size() == 2
                && json.has("payload")
                && (schema.isObject() || schema.isNull());
    }
}

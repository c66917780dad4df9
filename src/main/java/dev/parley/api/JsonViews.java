package dev.parley.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.parley.json.TurnJson;
import dev.parley.session.Json;
import dev.parley.session.Turn;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Teaches Jackson the domain's two types that are JSON already. */
@Singleton
class JsonViews implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(
                new SimpleModule()
                        .addSerializer(Json.class, new JsonValue())
                        .addSerializer(Turn.class, new TurnValue()));
    }

    private static final class JsonValue extends JsonSerializer<Json> {
        @Override
        public void serialize(Json json, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writeRawValue(json.text());
        }
    }

    private static final class TurnValue extends JsonSerializer<Turn> {
        @Override
        public void serialize(Turn turn, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            TurnJson.write(turn, generator);
        }
    }
}

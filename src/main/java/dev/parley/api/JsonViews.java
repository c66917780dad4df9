package dev.parley.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.parley.session.Json;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Makes Jackson write a {@link Json} value as it is. */
@Singleton
class JsonViews implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(new SimpleModule().addSerializer(Json.class, new JsonValue()));
    }

    private static final class JsonValue extends JsonSerializer<Json> {
        @Override
        public void serialize(Json json, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writeRawValue(json.text());
        }
    }
}

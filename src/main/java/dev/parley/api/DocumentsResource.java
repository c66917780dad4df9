package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What platforms publish and what becomes a dead letter, described: {@code asyncapi.yaml}. */
@Path("/asyncapi")
public class AsyncApiResource {

    private final String document = document();

    @GET
    @Produces("application/yaml")
    public String asyncApi() {
        return document;
    }

    private static String document() {
        try (InputStream yaml = AsyncApiResource.class.getResourceAsStream("/asyncapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("asyncapi.yaml is not packaged");
            }
            return new String(yaml.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

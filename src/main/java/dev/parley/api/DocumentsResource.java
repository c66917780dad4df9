package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Serves the machine-readable descriptions of what can be read and what can be published, without a
 * token.
 */
@Path("/")
@Produces("application/yaml")
public class DocumentsResource {

    private final String openApi = document("/META-INF/openapi.yaml");
    private final String asyncApi = document("/asyncapi.yaml");

    /**
     * Returns the OpenAPI document. It is the same as at {@code /q/openapi}, which is internal in
     * production.
     */
    @GET
    @Path("openapi")
    public String openApi() {
        return openApi;
    }

    @GET
    @Path("asyncapi")
    public String asyncApi() {
        return asyncApi;
    }

    private static String document(String resource) {
        try (InputStream yaml = DocumentsResource.class.getResourceAsStream(resource)) {
            if (yaml == null) {
                throw new IllegalStateException(resource + " is not packaged");
            }
            return new String(yaml.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.session.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a session's turns: the schema {@code Turns} of the OpenAPI document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record TurnsView(List<Json> items, @Nullable String nextPageToken) {}

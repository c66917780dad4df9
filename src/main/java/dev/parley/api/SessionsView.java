package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list of sessions: the schema {@code Sessions} of the OpenAPI document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record SessionsView(List<SessionView> items, @Nullable String nextPageToken) {}

package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list of sessions: the schema {@code Sessions} of the OpenAPI document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionsView(List<SessionView> items, @Nullable String nextPageToken) {}

package dev.parley.api;

import dev.parley.session.Json;
import io.smallrye.mutiny.Multi;
import java.util.List;

/** A whole history as JSON lines. */
record TurnStream(Multi<List<Json>> turns) {

    static final String MEDIA_TYPE = "application/x-ndjson";
}

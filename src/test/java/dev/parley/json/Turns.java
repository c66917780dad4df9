package dev.parley.json;

import dev.parley.session.Json;
import dev.parley.session.Turn;
import java.util.List;

/** Converts turns from the JSON that is stored, and back. */
public final class Turns {

    private Turns() {}

    public static List<Turn> read(List<Json> turns) {
        return turns.stream().map(Turns::read).toList();
    }

    public static Turn read(Json turn) {
        return TurnJson.read(ExactJson.readObject(turn.text()));
    }

    public static Json write(Turn turn) {
        return new Json(ExactJson.write(generator -> TurnJson.write(turn, generator)));
    }
}

package dev.parley.json;

import dev.parley.session.Json;
import dev.parley.session.Turn;
import java.util.List;

/** Turns from the JSON that they are stored as, and back. */
public final class Turns {

    private Turns() {}

    public static List<Turn> read(List<Json> turns) {
        return turns.stream().map(Turns::read).toList();
    }

    public static Turn read(Json turn) {
        return TurnJson.read(ExactJson.readObject(turn.text()));
    }

    public static Json written(Turn turn) {
        return new Json(ExactJson.write(generator -> TurnJson.write(turn, generator)));
    }
}

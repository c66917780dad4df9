package dev.parley.dynamodb;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.Turn;
import java.util.List;
import java.util.stream.Collectors;

/** Turns ⇄ JSON lines, the form in which they are stored. JSON text holds no line break. */
final class TurnLines {

    private TurnLines() {}

    static String encode(List<Turn> turns) {
        return turns.stream()
                .map(turn -> ExactJson.write(generator -> TurnJson.write(turn, generator)))
                .collect(Collectors.joining("\n"));
    }

    static List<Turn> decode(String lines) {
        return lines.lines().map(ExactJson::readObject).map(TurnJson::read).toList();
    }
}

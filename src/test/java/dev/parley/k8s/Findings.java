package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects what isn't as it should be. */
final class Findings {

    private final List<String> problems = new ArrayList<>();

    void require(boolean fine, String otherwise) {
        if (!fine) {
            problems.add(otherwise);
        }
    }

    void equal(JsonNode object, String pointer, Object expected) {
        String actual = object.at(pointer).asText();
        require(
                actual.equals(expected.toString()),
                pointer + " is '" + actual + "' instead of '" + expected + "'");
    }

    void among(String what, String value, Set<String> known) {
        require(known.contains(value), what + " '" + value + "' is none of " + known);
    }

    List<String> problems() {
        return problems;
    }
}

package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects the problems that the checks find. */
final class Findings {

    private final List<String> problems = new ArrayList<>();

    void require(boolean condition, String problem) {
        if (!condition) {
            problems.add(problem);
        }
    }

    void equal(JsonNode object, String pointer, Object expected) {
        String actual = object.at(pointer).asText();
        require(
                actual.equals(expected.toString()),
                pointer + " is '" + actual + "' instead of '" + expected + "'");
    }

    void among(String what, String value, Set<String> known) {
        require(known.contains(value), what + " '" + value + "' is not one of " + known);
    }

    List<String> problems() {
        return problems;
    }
}

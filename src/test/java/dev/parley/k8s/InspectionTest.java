package dev.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check sees what it is there for: what is right, with one edit, is wrong. */
@Tag("deploy")
class InspectionTest {

    private static final Map<String, Manifests> RIGHT = new ConcurrentHashMap<>();

    /**
     * @param problem a part of the sentence that tells it
     */
    record Mistake(String overlay, Edit edit, String problem) {
        @Override
        public String toString() {
            return overlay + ": " + edit;
        }
    }

    static List<Mistake> mistakes() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        InspectionTest.class.getResourceAsStream("/k8s/mistakes.yaml"))) {
            return Manifests.elements(new YAMLMapper().readTree(in))
                    .map(InspectionTest::mistake)
                    .toList();
        }
    }

    private static Mistake mistake(JsonNode json) {
        String[] object = json.path("in").asText().split(" ", -1);
        return new Mistake(
                object[0],
                new Edit(object[1], object[2], json.path("at").asText(), json.path("set").asText()),
                json.path("says").asText());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isFound(Mistake mistake) {
        Manifests right = RIGHT.computeIfAbsent(mistake.overlay(), InspectionTest::build);

        List<String> problems = new ArrayList<>(Inspection.problems(mistake.edit().of(right)));

        problems.removeAll(Inspection.problems(right));
        assertThat(problems).anySatisfy(said -> assertThat(said).contains(mistake.problem()));
    }

    private static Manifests build(String overlay) {
        return overlay.equals("hpa") ? Kustomize.devWith("hpa") : Kustomize.overlay(overlay);
    }
}

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

/** Tests that {@link Inspection} finds each single mistake of {@code mistakes.yaml}. */
@Tag("deploy")
class InspectionIT {

    private static final Map<String, Manifests> CORRECT = new ConcurrentHashMap<>();

    /**
     * A mistake that the inspection must find.
     *
     * @param problem a part of the sentence that reports it
     */
    record Mistake(String overlay, ManifestEdit edit, String problem) {
        @Override
        public String toString() {
            return overlay + ": " + edit;
        }
    }

    static List<Mistake> mistakes() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        InspectionIT.class.getResourceAsStream("/k8s/mistakes.yaml"))) {
            return Manifests.elements(new YAMLMapper().readTree(in))
                    .map(InspectionIT::mistake)
                    .toList();
        }
    }

    private static Mistake mistake(JsonNode json) {
        String[] object = json.path("in").asText().split(" ", -1);
        return new Mistake(
                object[0],
                new ManifestEdit(
                        object[1], object[2], json.path("at").asText(), json.path("set").asText()),
                json.path("reports").asText());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isFound(Mistake mistake) {
        Manifests correct = CORRECT.computeIfAbsent(mistake.overlay(), InspectionIT::build);

        List<String> problems =
                new ArrayList<>(Inspection.problems(mistake.edit().applyTo(correct)));

        problems.removeAll(Inspection.problems(correct));
        assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(mistake.problem()));
    }

    private static Manifests build(String overlay) {
        return overlay.equals("hpa") ? Kustomize.devWith("hpa") : Kustomize.overlay(overlay);
    }
}

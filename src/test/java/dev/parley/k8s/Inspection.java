package dev.parley.k8s;

import java.util.List;
import java.util.stream.Stream;

/** What is wrong with what an overlay deploys. */
final class Inspection {

    private Inspection() {}

    /** Sentences; none if all is well. */
    static List<String> problems(Manifests manifests) {
        return Stream.of(
                        Schemas.problems(manifests),
                        Wiring.problems(manifests),
                        Rollout.problems(manifests),
                        Hardening.problems(manifests),
                        Settings.problems(manifests),
                        Alerts.problems(manifests),
                        Dashboards.problems(manifests))
                .flatMap(List::stream)
                .toList();
    }
}

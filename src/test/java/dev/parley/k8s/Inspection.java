package dev.parley.k8s;

import java.util.List;
import java.util.stream.Stream;

/** Runs all checks on the objects that an overlay deploys. */
final class Inspection {

    private Inspection() {}

    /** The problems, one sentence each; an empty list if there are none. */
    static List<String> problems(Manifests manifests) {
        return Stream.of(
                        SchemaChecks.problems(manifests),
                        ReferenceChecks.problems(manifests),
                        LifecycleChecks.problems(manifests),
                        SecurityChecks.problems(manifests),
                        SettingsChecks.problems(manifests),
                        AlertChecks.problems(manifests),
                        DashboardChecks.problems(manifests))
                .flatMap(List::stream)
                .toList();
    }
}

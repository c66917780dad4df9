package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Whether pods begin, answer and end as the service does. */
final class Rollout {

    /** To commit and to leave the group, as docs/operations.md says. */
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final JsonNode deployment;
    private final JsonNode pod;
    private final JsonNode container;
    private final Config service;
    private final Findings found = new Findings();

    private Rollout(Manifests manifests) {
        deployment = manifests.one("Deployment");
        pod = manifests.pod();
        container = manifests.container();
        service = Settings.service(manifests);
    }

    static List<String> problems(Manifests manifests) {
        Rollout rollout = new Rollout(manifests);
        rollout.checkPorts();
        rollout.checkProbes();
        rollout.checkUpdate();
        rollout.checkEnd();
        rollout.checkResources();
        rollout.checkBudget(manifests.one("PodDisruptionBudget"));
        return rollout.found.problems();
    }

    private void checkPorts() {
        checkPort("http", "quarkus.http.port");
        checkPort("management", "quarkus.management.port");
    }

    private void checkPort(String name, String property) {
        List<Integer> ports =
                Manifests.elements(container.path("ports"))
                        .filter(port -> port.path("name").asText().equals(name))
                        .map(port -> port.path("containerPort").asInt())
                        .toList();
        found.require(
                ports.equals(List.of(service.getValue(property, Integer.class))),
                "the port " + name + " is " + ports + ", not that of " + property);
    }

    /** What counts as started, to SmallRye, waits for Kafka; a restart wouldn't bring that back. */
    private void checkProbes() {
        checkProbe("startupProbe", "/q/health/live");
        checkProbe("readinessProbe", "/q/health/ready");
        checkProbe("livenessProbe", "/q/health/live");
    }

    private void checkProbe(String probe, String path) {
        found.equal(container, "/" + probe + "/httpGet/path", path);
        found.equal(container, "/" + probe + "/httpGet/port", "management");
    }

    /** A pod goes after another one has come, so that its partitions always have a reader. */
    private void checkUpdate() {
        found.equal(deployment, "/spec/strategy/type", "RollingUpdate");
        found.equal(deployment, "/spec/strategy/rollingUpdate/maxUnavailable", 0);
        found.equal(deployment, "/spec/strategy/rollingUpdate/maxSurge", 1);
    }

    private void checkEnd() {
        Duration delay =
                service.getOptionalValue("quarkus.shutdown.delay", Duration.class)
                        .orElse(Duration.ZERO);
        long grace = pod.path("terminationGracePeriodSeconds").asLong(30);
        Duration needed =
                delay.plus(duration("quarkus.shutdown.timeout"))
                        .plus(duration("parley.ingest.drain-timeout"))
                        .plus(LEAVING);
        found.require(delay.isPositive(), "a pod ends before it is known that it does");
        found.require(
                Duration.ofSeconds(grace).compareTo(needed) > 0,
                "a pod has " + grace + " s to end, and may need " + needed.toSeconds());
    }

    private Duration duration(String property) {
        return service.getValue(property, Duration.class);
    }

    private void checkResources() {
        for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
            found.require(
                    container.at("/resources/requests").has(resource)
                            && container.at("/resources/limits").has(resource),
                    resource + " isn't requested and limited");
        }
        found.equal(
                container,
                "/resources/requests/memory",
                container.at("/resources/limits/memory").asText());
    }

    /** One at a time; and pods that wait for a store that is away don't hold up a node. */
    private void checkBudget(JsonNode budget) {
        found.equal(budget, "/spec/maxUnavailable", 1);
        found.equal(budget, "/spec/unhealthyPodEvictionPolicy", "AlwaysAllow");
    }
}

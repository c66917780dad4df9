package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Checks ports, probes, rolling updates, shutdown, resources and the disruption budget. */
final class LifecycleChecks {

    /** The time to commit and to leave the group, as docs/operations.md states. */
    private static final Duration LEAVE_TIME = Duration.ofSeconds(10);

    private final JsonNode deployment;
    private final JsonNode pod;
    private final JsonNode container;
    private final Config service;
    private final Findings found = new Findings();

    private LifecycleChecks(Manifests manifests) {
        deployment = manifests.only("Deployment");
        pod = manifests.pod();
        container = manifests.container();
        service = SettingsChecks.service(manifests);
    }

    static List<String> problems(Manifests manifests) {
        LifecycleChecks checks = new LifecycleChecks(manifests);
        checks.checkPorts();
        checks.checkProbes();
        checks.checkUpdate();
        checks.checkShutdown();
        checks.checkResources();
        checks.checkBudget(manifests.only("PodDisruptionBudget"));
        return checks.found.problems();
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
                "the port " + name + " is " + ports + ", which differs from " + property);
    }

    /**
     * The startup probe must not use the health group {@code started}: it waits for Kafka, and a
     * restart of the pod would not bring Kafka back.
     */
    private void checkProbes() {
        checkProbe("startupProbe", "/q/health/live");
        checkProbe("readinessProbe", "/q/health/ready");
        checkProbe("livenessProbe", "/q/health/live");
    }

    private void checkProbe(String probe, String path) {
        found.equal(container, "/" + probe + "/httpGet/path", path);
        found.equal(container, "/" + probe + "/httpGet/port", "management");
    }

    /** A pod ends only after its successor is available, so that its partitions are always read. */
    private void checkUpdate() {
        found.equal(deployment, "/spec/strategy/type", "RollingUpdate");
        found.equal(deployment, "/spec/strategy/rollingUpdate/maxUnavailable", 0);
        found.equal(deployment, "/spec/strategy/rollingUpdate/maxSurge", 1);
    }

    private void checkShutdown() {
        Duration delay =
                service.getOptionalValue("quarkus.shutdown.delay", Duration.class)
                        .orElse(Duration.ZERO);
        long grace = pod.path("terminationGracePeriodSeconds").asLong(30);
        Duration needed =
                delay.plus(duration("quarkus.shutdown.timeout"))
                        .plus(duration("parley.ingest.drain-timeout"))
                        .plus(LEAVE_TIME);
        found.require(
                delay.isPositive(),
                "a pod ends without a delay, while requests are still sent to it");
        found.require(
                Duration.ofSeconds(grace).compareTo(needed) > 0,
                "a pod has " + grace + " s to end, but may need " + needed.toSeconds() + " s");
    }

    private Duration duration(String property) {
        return service.getValue(property, Duration.class);
    }

    private void checkResources() {
        for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
            found.require(
                    container.at("/resources/requests").has(resource)
                            && container.at("/resources/limits").has(resource),
                    resource + " has no request or no limit");
        }
        found.equal(
                container,
                "/resources/requests/memory",
                container.at("/resources/limits/memory").asText());
    }

    /**
     * Only one pod may be evicted at a time. A pod that is not ready, since DynamoDB is not
     * available, may always be evicted, so that it does not block the drain of a node.
     */
    private void checkBudget(JsonNode budget) {
        found.equal(budget, "/spec/maxUnavailable", 1);
        found.equal(budget, "/spec/unhealthyPodEvictionPolicy", "AlwaysAllow");
    }
}

package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;
import static dev.parley.k8s.Manifests.fields;
import static dev.parley.k8s.Manifests.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that the references between objects match: labels, names of ports, and names. */
final class ReferenceChecks {

    private final Manifests manifests;
    private final Findings found = new Findings();
    private final Map<String, String> podLabels;
    private final Set<String> ports;

    private ReferenceChecks(Manifests manifests) {
        this.manifests = manifests;
        podLabels = fields(manifests.only("Deployment").at("/spec/template/metadata/labels"));
        ports = new HashSet<>(texts(manifests.container().at("/ports"), "name"));
    }

    static List<String> problems(Manifests manifests) {
        ReferenceChecks checks = new ReferenceChecks(manifests);
        checks.checkNamespace();
        checks.checkSelectors();
        checks.checkServices();
        checks.checkNetworkPolicy();
        checks.checkMonitors();
        checks.checkReferences();
        checks.checkScalers();
        return checks.found.problems();
    }

    private void checkNamespace() {
        long namespaces =
                manifests.all().stream()
                        .map(object -> object.at("/metadata/namespace").asText())
                        .distinct()
                        .count();
        found.require(namespaces == 1, "objects are in " + namespaces + " namespaces");
    }

    private void checkSelectors() {
        JsonNode deployment = manifests.only("Deployment");
        checkSelectsPods("Deployment", deployment.at("/spec/selector/matchLabels"));
        checkSelectsPods("NetworkPolicy", field("NetworkPolicy", "/spec/podSelector/matchLabels"));
        checkSelectsPods(
                "PodDisruptionBudget", field("PodDisruptionBudget", "/spec/selector/matchLabels"));
        JsonNode spread = manifests.pod().at("/topologySpreadConstraints");
        elements(spread)
                .forEach(each -> checkSelectsPods("spread", each.at("/labelSelector/matchLabels")));
        found.require(
                texts(spread, "topologyKey")
                        .containsAll(
                                List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")),
                "pods are not spread over zones and nodes");
    }

    private JsonNode field(String kind, String pointer) {
        return manifests.only(kind).at(pointer);
    }

    private void checkSelectsPods(String selector, JsonNode labels) {
        found.require(
                !labels.isEmpty() && podLabels.entrySet().containsAll(fields(labels).entrySet()),
                selector + " selects " + labels + ", which does not match the pods");
    }

    private void checkServices() {
        manifests
                .ofKind("Service")
                .forEach(
                        service -> {
                            String name = Manifests.name(service);
                            checkSelectsPods(name, service.at("/spec/selector"));
                            texts(service.at("/spec/ports"), "targetPort")
                                    .forEach(port -> found.among(name + " port", port, ports));
                        });
        found.require(
                portsOf("parley").equals(List.of("http")),
                "the service for readers has other ports than the one of REST");
        found.require(
                portsOf("parley-management").equals(List.of("management")),
                "the service for operators has other ports than the management port");
    }

    private List<String> portsOf(String service) {
        return manifests
                .ofKind("Service")
                .filter(each -> each.at("/metadata/name").asText().equals(service))
                .flatMap(each -> texts(each.at("/spec/ports"), "targetPort").stream())
                .toList();
    }

    private void checkNetworkPolicy() {
        JsonNode policy = manifests.only("NetworkPolicy");
        found.equal(policy, "/spec/policyTypes/0", "Ingress");
        elements(policy.at("/spec/ingress")).forEach(this::checkRule);
    }

    private void checkRule(JsonNode rule) {
        List<String> opened = texts(rule.path("ports"), "port");
        found.require(!opened.isEmpty(), "a rule of the NetworkPolicy opens every port");
        opened.forEach(port -> found.among("NetworkPolicy port", port, ports));
        boolean restricted =
                !rule.path("from").isEmpty()
                        && elements(rule.path("from"))
                                .allMatch(
                                        from ->
                                                from.at("/namespaceSelector/matchLabels").size()
                                                        > 0);
        found.require(
                !opened.contains("management") || restricted,
                "the management port is open to more than named namespaces");
    }

    /** Prometheus must find each pod once, at the port that has the metrics. */
    private void checkMonitors() {
        manifests
                .ofKind("ServiceMonitor")
                .forEach(
                        monitor -> {
                            Map<String, String> labels =
                                    fields(monitor.at("/spec/selector/matchLabels"));
                            List<ObjectNode> services =
                                    manifests
                                            .ofKind("Service")
                                            .filter(s -> has(s, labels))
                                            .toList();
                            found.require(
                                    services.size() == 1,
                                    "ServiceMonitor finds " + services.size() + " services");
                            List<String> scraped = texts(monitor.at("/spec/endpoints"), "port");
                            found.require(
                                    services.stream()
                                            .allMatch(
                                                    s ->
                                                            texts(s.at("/spec/ports"), "name")
                                                                    .containsAll(scraped)),
                                    "ServiceMonitor names a port that its service does not have");
                            found.equal(monitor, "/spec/endpoints/0/port", "management");
                            found.equal(monitor, "/spec/endpoints/0/path", "/q/metrics");
                        });
    }

    private static boolean has(JsonNode object, Map<String, String> labels) {
        return fields(object.at("/metadata/labels")).entrySet().containsAll(labels.entrySet());
    }

    private void checkReferences() {
        JsonNode pod = manifests.pod();
        checkExists("ServiceAccount", pod.path("serviceAccountName").asText());
        elements(manifests.container().path("envFrom"))
                .forEach(from -> checkExists("ConfigMap", from.at("/configMapRef/name").asText()));
        Set<String> volumes = new HashSet<>(texts(pod.path("volumes"), "name"));
        texts(manifests.container().path("volumeMounts"), "name")
                .forEach(mount -> found.among("volume", mount, volumes));
    }

    private void checkExists(String kind, String name) {
        found.require(manifests.has(kind, name), "there is no " + kind + " '" + name + "'");
    }

    private void checkScalers() {
        List<ObjectNode> scalers =
                manifests.all().stream()
                        .filter(object -> !object.at("/spec/scaleTargetRef").isMissingNode())
                        .toList();
        boolean fixed = manifests.only("Deployment").at("/spec").has("replicas");
        found.require(scalers.size() <= 1, "two scalers scale the same pods");
        found.require(
                fixed == scalers.isEmpty(),
                "the number of pods is set by the Deployment and by a scaler, or by neither");
        scalers.forEach(
                scaler ->
                        checkExists("Deployment", scaler.at("/spec/scaleTargetRef/name").asText()));
        manifests.ofKind("ScaledObject").forEach(this::checkTriggers);
    }

    private void checkTriggers(JsonNode scaledObject) {
        found.equal(
                scaledObject,
                "/spec/scaleTargetRef/envSourceContainerName",
                manifests.container().path("name").asText());
        for (JsonNode trigger : scaledObject.at("/spec/triggers")) {
            fields(trigger.path("metadata")).entrySet().stream()
                    .filter(each -> each.getKey().endsWith("FromEnv"))
                    .forEach(
                            each ->
                                    found.among(
                                            each.getKey(),
                                            each.getValue(),
                                            SettingsChecks.names(manifests)));
            String authentication = trigger.at("/authenticationRef/name").asText();
            if (!authentication.isEmpty()) {
                checkExists("TriggerAuthentication", authentication);
            }
        }
    }
}

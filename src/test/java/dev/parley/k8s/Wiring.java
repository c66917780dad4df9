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

/** Whether objects find each other: by labels, by the names of ports, and by their own names. */
final class Wiring {

    private final Manifests manifests;
    private final Findings found = new Findings();
    private final Map<String, String> podLabels;
    private final Set<String> ports;

    private Wiring(Manifests manifests) {
        this.manifests = manifests;
        podLabels = fields(manifests.one("Deployment").at("/spec/template/metadata/labels"));
        ports = new HashSet<>(texts(manifests.container().at("/ports"), "name"));
    }

    static List<String> problems(Manifests manifests) {
        Wiring wiring = new Wiring(manifests);
        wiring.checkNamespace();
        wiring.checkSelectors();
        wiring.checkServices();
        wiring.checkNetworkPolicy();
        wiring.checkMonitors();
        wiring.checkReferences();
        wiring.checkScalers();
        return wiring.found.problems();
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
        JsonNode deployment = manifests.one("Deployment");
        selectsPods("Deployment", deployment.at("/spec/selector/matchLabels"));
        selectsPods("NetworkPolicy", of("NetworkPolicy", "/spec/podSelector/matchLabels"));
        selectsPods("PodDisruptionBudget", of("PodDisruptionBudget", "/spec/selector/matchLabels"));
        JsonNode spread = manifests.pod().at("/topologySpreadConstraints");
        elements(spread)
                .forEach(each -> selectsPods("spread", each.at("/labelSelector/matchLabels")));
        found.require(
                texts(spread, "topologyKey")
                        .containsAll(
                                List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")),
                "pods aren't spread over zones and nodes");
    }

    private JsonNode of(String kind, String pointer) {
        return manifests.one(kind).at(pointer);
    }

    private void selectsPods(String who, JsonNode labels) {
        found.require(
                !labels.isEmpty() && podLabels.entrySet().containsAll(fields(labels).entrySet()),
                who + " selects " + labels + ", which isn't the pods");
    }

    private void checkServices() {
        manifests
                .of("Service")
                .forEach(
                        service -> {
                            String name = Manifests.name(service);
                            selectsPods(name, service.at("/spec/selector"));
                            texts(service.at("/spec/ports"), "targetPort")
                                    .forEach(port -> found.among(name + " port", port, ports));
                        });
        found.require(
                portsOf("parley").equals(List.of("http")),
                "readers get at more than REST, or less");
        found.require(
                portsOf("parley-management").equals(List.of("management")),
                "operators get at more than their port, or less");
    }

    private List<String> portsOf(String service) {
        return manifests
                .of("Service")
                .filter(each -> each.at("/metadata/name").asText().equals(service))
                .flatMap(each -> texts(each.at("/spec/ports"), "targetPort").stream())
                .toList();
    }

    private void checkNetworkPolicy() {
        JsonNode policy = manifests.one("NetworkPolicy");
        found.equal(policy, "/spec/policyTypes/0", "Ingress");
        elements(policy.at("/spec/ingress")).forEach(this::checkRule);
    }

    private void checkRule(JsonNode rule) {
        List<String> opened = texts(rule.path("ports"), "port");
        found.require(!opened.isEmpty(), "a rule of the NetworkPolicy opens every port");
        opened.forEach(port -> found.among("NetworkPolicy port", port, ports));
        boolean inside =
                !rule.path("from").isEmpty()
                        && elements(rule.path("from"))
                                .allMatch(
                                        from ->
                                                from.at("/namespaceSelector/matchLabels").size()
                                                        > 0);
        found.require(
                !opened.contains("management") || inside,
                "the management port is open to more than named namespaces");
    }

    /** Prometheus finds each pod once, on the port where metrics are. */
    private void checkMonitors() {
        manifests
                .of("ServiceMonitor")
                .forEach(
                        monitor -> {
                            Map<String, String> labels =
                                    fields(monitor.at("/spec/selector/matchLabels"));
                            List<ObjectNode> services =
                                    manifests.of("Service").filter(s -> has(s, labels)).toList();
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
                                    "ServiceMonitor names a port that its service hasn't");
                            found.equal(monitor, "/spec/endpoints/0/port", "management");
                            found.equal(monitor, "/spec/endpoints/0/path", "/q/metrics");
                        });
    }

    private static boolean has(JsonNode object, Map<String, String> labels) {
        return fields(object.at("/metadata/labels")).entrySet().containsAll(labels.entrySet());
    }

    private void checkReferences() {
        JsonNode pod = manifests.pod();
        exists("ServiceAccount", pod.path("serviceAccountName").asText());
        elements(manifests.container().path("envFrom"))
                .forEach(from -> exists("ConfigMap", from.at("/configMapRef/name").asText()));
        Set<String> volumes = new HashSet<>(texts(pod.path("volumes"), "name"));
        texts(manifests.container().path("volumeMounts"), "name")
                .forEach(mount -> found.among("volume", mount, volumes));
    }

    private void exists(String kind, String name) {
        found.require(manifests.has(kind, name), "there is no " + kind + " '" + name + "'");
    }

    private void checkScalers() {
        List<ObjectNode> scalers =
                manifests.all().stream()
                        .filter(object -> !object.at("/spec/scaleTargetRef").isMissingNode())
                        .toList();
        boolean fixed = manifests.one("Deployment").at("/spec").has("replicas");
        found.require(scalers.size() <= 1, "two scalers pull at the same pods");
        found.require(
                fixed == scalers.isEmpty(),
                "the number of pods is set by the Deployment and by a scaler, or by neither");
        scalers.forEach(
                scaler -> exists("Deployment", scaler.at("/spec/scaleTargetRef/name").asText()));
        manifests.of("ScaledObject").forEach(this::checkTriggers);
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
                                            Settings.names(manifests)));
            String authentication = trigger.at("/authenticationRef/name").asText();
            if (!authentication.isEmpty()) {
                exists("TriggerAuthentication", authentication);
            }
        }
    }
}

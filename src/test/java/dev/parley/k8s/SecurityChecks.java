package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that a pod has only the rights that it needs, and that no manifest contains a secret. */
final class SecurityChecks {

    private static final Pattern SECRET_NAME =
            Pattern.compile("PASSWORD|SECRET|TOKEN_KEY|ACCESS_KEY|PRIVATE|CREDENTIAL");
    private static final Pattern PASSWORD = Pattern.compile("password=\"([^\"]*)\"");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)}");

    /** The credentials for DynamoDB Local, which accepts any. */
    private static final String LOCAL_CREDENTIAL = "local";

    private final Manifests manifests;
    private final JsonNode pod;
    private final JsonNode container;
    private final Findings found = new Findings();

    private SecurityChecks(Manifests manifests) {
        this.manifests = manifests;
        pod = manifests.pod();
        container = manifests.container();
    }

    static List<String> problems(Manifests manifests) {
        SecurityChecks checks = new SecurityChecks(manifests);
        checks.checkPod();
        checks.checkContainer();
        checks.checkVolumes();
        checks.checkSecrets();
        return checks.found.problems();
    }

    private void checkPod() {
        found.require(pod.path("containers").size() == 1, "there is more than one container");
        found.require(!pod.has("initContainers"), "there is an init container");
        found.equal(pod, "/securityContext/runAsNonRoot", true);
        found.equal(pod, "/securityContext/seccompProfile/type", "RuntimeDefault");
        found.require(pod.at("/securityContext/runAsUser").asInt() > 0, "the pod runs as root");
        found.require(
                pod.at("/securityContext/runAsGroup").asInt() > 0, "the group of the pod is root");
        found.equal(pod, "/automountServiceAccountToken", false);
        found.equal(manifests.only("ServiceAccount"), "/automountServiceAccountToken", false);
        found.equal(pod, "/enableServiceLinks", false);
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            found.require(!pod.path(shared).asBoolean(), shared + " is on");
        }
    }

    private void checkContainer() {
        found.equal(container, "/securityContext/allowPrivilegeEscalation", false);
        found.equal(container, "/securityContext/readOnlyRootFilesystem", true);
        found.equal(container, "/securityContext/runAsNonRoot", true);
        found.require(
                container
                        .at("/securityContext/capabilities")
                        .toString()
                        .equals("{\"drop\":[\"ALL\"]}"),
                "the container has capabilities");
        found.require(
                !container.at("/securityContext/privileged").asBoolean(),
                "the container is privileged");
        for (String field : List.of("runAsUser", "runAsGroup", "seccompProfile")) {
            found.require(
                    !container.path("securityContext").has(field),
                    "the container overrides " + field + " of the pod");
        }
        String image = container.path("image").asText();
        found.require(
                image.matches(".+:[^:/]+") && !image.endsWith(":latest"),
                "the image '" + image + "' has no fixed tag");
    }

    private void checkVolumes() {
        elements(pod.path("volumes"))
                .forEach(
                        volume ->
                                found.require(
                                        volume.at("/emptyDir").has("sizeLimit"),
                                        "the volume "
                                                + volume
                                                + " is not an emptyDir with a limit"));
        found.require(
                Manifests.texts(container.path("volumeMounts"), "mountPath")
                        .equals(List.of("/tmp")),
                "the container mounts other paths than /tmp");
    }

    private void checkSecrets() {
        found.require(manifests.ofKind("Secret").findAny().isEmpty(), "there is a Secret");
        Set<String> references =
                elements(container.path("env"))
                        .filter(each -> each.at("/valueFrom").has("secretKeyRef"))
                        .map(each -> each.path("name").asText())
                        .collect(Collectors.toSet());
        Map<String, String> settings = manifests.settings();
        settings.forEach(
                (name, value) -> {
                    checkSetting(name, value);
                    REFERENCE
                            .matcher(value)
                            .results()
                            .forEach(match -> found.among("secret", match.group(1), references));
                });
        elements(container.path("env"))
                .filter(each -> !references.contains(each.path("name").asText()))
                .forEach(
                        each ->
                                found.require(
                                        false,
                                        each.path("name").asText()
                                                + " is neither in the ConfigMap nor in a Secret"));
    }

    private void checkSetting(String name, String value) {
        found.require(
                !SECRET_NAME.matcher(name).find() || isLocal(value),
                "the ConfigMap contains the secret " + name);
        PASSWORD.matcher(value)
                .results()
                .map(match -> match.group(1))
                .forEach(
                        password ->
                                found.require(
                                        REFERENCE.matcher(password).matches(),
                                        name + " contains a password"));
    }

    private boolean isLocal(String value) {
        return value.equals(LOCAL_CREDENTIAL)
                && manifests.settings().containsKey("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE");
    }
}

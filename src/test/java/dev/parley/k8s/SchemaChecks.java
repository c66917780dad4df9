package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Checks that objects have only fields that their kinds have, since an API server drops unknown
 * fields without a message. Kubernetes' own kinds are checked with the classes of its Java client.
 * Other kinds have a schema in {@code src/test/resources/k8s}, which covers only the fields that
 * Parley uses.
 */
final class SchemaChecks {

    private interface Validation {
        void validate(JsonElement json) throws IOException;
    }

    private record Model(Class<?> type, Validation validation) {}

    private static final Map<String, Model> MODELS =
            Map.of(
                    "v1 ConfigMap",
                    new Model(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
                    "v1 Service",
                    new Model(V1Service.class, V1Service::validateJsonElement),
                    "v1 ServiceAccount",
                    new Model(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
                    "apps/v1 Deployment",
                    new Model(V1Deployment.class, V1Deployment::validateJsonElement),
                    "networking.k8s.io/v1 NetworkPolicy",
                    new Model(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
                    "policy/v1 PodDisruptionBudget",
                    new Model(
                            V1PodDisruptionBudget.class,
                            V1PodDisruptionBudget::validateJsonElement),
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    new Model(
                            V2HorizontalPodAutoscaler.class,
                            V2HorizontalPodAutoscaler::validateJsonElement));

    private static final Map<String, String> SCHEMAS =
            Map.of(
                    "keda.sh/v1alpha1 ScaledObject",
                    "/k8s/scaled-object.yaml",
                    "keda.sh/v1alpha1 TriggerAuthentication",
                    "/k8s/trigger-authentication.yaml",
                    "monitoring.coreos.com/v1 ServiceMonitor",
                    "/k8s/service-monitor.yaml",
                    "monitoring.coreos.com/v1 PrometheusRule",
                    "/k8s/prometheus-rule.yaml");

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private SchemaChecks() {}

    static List<String> problems(Manifests manifests) {
        return manifests.all().stream().flatMap(SchemaChecks::problems).toList();
    }

    private static Stream<String> problems(JsonNode object) {
        String kind = object.at("/apiVersion").asText() + " " + object.at("/kind").asText();
        Stream<String> problems;
        if (MODELS.containsKey(kind)) {
            problems = modelProblems(object, Objects.requireNonNull(MODELS.get(kind)));
        } else if (SCHEMAS.containsKey(kind)) {
            problems = schemaProblems(object, Objects.requireNonNull(SCHEMAS.get(kind)));
        } else {
            problems = Stream.of("there is no check for this kind");
        }
        return problems.map(problem -> kind + ": " + problem);
    }

    /** The errors that the model reports, and the fields that it would drop. */
    private static Stream<String> modelProblems(JsonNode object, Model model) {
        JsonElement json = JsonParser.parseString(object.toString());
        try {
            model.validation().validate(json);
            Object read = JSON.getGson().fromJson(json, model.type());
            JsonElement written = JsonParser.parseString(JSON.getGson().toJson(read));
            return withoutEmpty(written).equals(withoutEmpty(json))
                    ? Stream.empty()
                    : Stream.of("Kubernetes would store " + written + " instead of " + json);
        } catch (IOException | RuntimeException e) {
            return Stream.of(String.valueOf(e.getMessage()));
        }
    }

    /** Removes empty lists and objects, since the model adds them where a field is missing. */
    private static JsonElement withoutEmpty(JsonElement json) {
        if (json.isJsonArray()) {
            JsonArray filtered = new JsonArray();
            json.getAsJsonArray().forEach(each -> filtered.add(withoutEmpty(each)));
            return filtered;
        }
        if (json.isJsonObject()) {
            JsonObject filtered = new JsonObject();
            json.getAsJsonObject()
                    .asMap()
                    .forEach((name, value) -> addUnlessEmpty(filtered, name, withoutEmpty(value)));
            return filtered;
        }
        return json;
    }

    private static void addUnlessEmpty(JsonObject to, String name, JsonElement value) {
        boolean empty =
                (value.isJsonArray() && value.getAsJsonArray().isEmpty())
                        || (value.isJsonObject() && value.getAsJsonObject().isEmpty());
        if (!empty) {
            to.add(name, value);
        }
    }

    private static Stream<String> schemaProblems(JsonNode object, String schema) {
        try (InputStream in =
                Objects.requireNonNull(SchemaChecks.class.getResourceAsStream(schema))) {
            return REGISTRY
                    .getSchema(in, InputFormat.YAML)
                    .validate(object.toString(), InputFormat.JSON)
                    .stream()
                    .map(error -> error.getInstanceLocation() + ": " + error.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.parley.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Lists the properties of DynamoDB requests, and creates requests from JSON. The properties have
 * the names of the wire format. The SDK itself describes them, so that no property is missing.
 */
public final class RequestShape {

    /** The properties that identify an element of a list whose order has no meaning. */
    private static final List<String> IDENTITIES = List.of("IndexName", "AttributeName", "Key");

    private final SortedMap<String, String> properties = new TreeMap<>();

    private RequestShape() {}

    /**
     * Returns every property that is set, with names such as {@code
     * CreateTable.Tags.Purpose.Value}. The order of a list makes no difference if DynamoDB treats
     * the list as a set.
     */
    public static SortedMap<String, String> properties(
            Collection<? extends DynamoDbRequest> requests) {
        RequestShape shape = new RequestShape();
        for (DynamoDbRequest request : requests) {
            String name = request.getClass().getSimpleName();
            shape.add(name.substring(0, name.length() - "Request".length()), request);
        }
        return shape.properties;
    }

    private void add(String path, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case SdkAutoConstructList<?> _ -> {}
            case SdkPojo object -> addObject(path, object);
            case List<?> list when list.stream().allMatch(SdkPojo.class::isInstance) ->
                    addObjects(path, list);
            case List<?> list -> put(path, list.stream().map(Object::toString).sorted().toList());
            default -> put(path, value);
        }
    }

    private void addObject(String path, SdkPojo object) {
        int before = properties.size();
        for (SdkField<?> field : object.sdkFields()) {
            add(path + "." + field.locationName(), field.getValueOrDefault(object));
        }
        if (properties.size() == before) {
            put(path, "{}");
        }
    }

    private void addObjects(String path, List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            SdkPojo element = (SdkPojo) list.get(i);
            String index = Integer.toString(i);
            add(path + "." + (isOrdered(path) ? index : identity(element).orElse(index)), element);
        }
        if (list.isEmpty()) {
            put(path, "[]");
        }
    }

    private static boolean isOrdered(String path) {
        return path.endsWith(".KeySchema");
    }

    private static Optional<String> identity(SdkPojo element) {
        return IDENTITIES.stream()
                .flatMap(name -> Stream.ofNullable(element.sdkFieldNameToField().get(name)))
                .flatMap(field -> Stream.ofNullable(field.getValueOrDefault(element)))
                .map(Object::toString)
                .findFirst();
    }

    private void put(String path, Object value) {
        if (properties.putIfAbsent(path, value.toString()) != null) {
            throw new IllegalArgumentException(path + " is set twice");
        }
    }

    /**
     * Sets the properties that the JSON contains. Fails if DynamoDB has no such property or if its
     * type is different.
     */
    public static <B extends SdkPojo> B fill(B builder, JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("not an object: " + json);
        }
        json.properties()
                .forEach(
                        property -> {
                            SdkField<?> field =
                                    builder.sdkFieldNameToField().get(property.getKey());
                            if (field == null) {
                                throw new IllegalArgumentException(
                                        "DynamoDB has no property " + property.getKey());
                            }
                            field.set(builder, value(field, property.getValue()));
                        });
        return builder;
    }

    private static Object value(SdkField<?> field, JsonNode json) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> checked(json.isTextual(), field, json).textValue();
            case BOOLEAN -> checked(json.isBoolean(), field, json).booleanValue();
            case LIST -> list(field, checked(json.isArray(), field, json));
            case SDK_POJO -> ((Buildable) fill(field.constructor().get(), json)).build();
            default ->
                    throw new IllegalArgumentException(
                            field.locationName() + " has an unsupported type");
        };
    }

    private static List<Object> list(SdkField<?> field, JsonNode json) {
        SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
        List<Object> list = new ArrayList<>();
        json.forEach(value -> list.add(value(element, value)));
        return list;
    }

    private static JsonNode checked(boolean hasExpectedType, SdkField<?> field, JsonNode json) {
        if (!hasExpectedType) {
            throw new IllegalArgumentException(
                    field.locationName() + " has the wrong type: " + json);
        }
        return json;
    }
}

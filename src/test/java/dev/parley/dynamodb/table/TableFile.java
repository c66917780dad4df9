package dev.parley.dynamodb.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.parley.dynamodb.AllProperties;
import dev.parley.dynamodb.layout.TableConfig;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The files in {@code k8s/table}. Each defines a table in the format of its tool. Around the table
 * is an envelope, which has to match exactly, except its description.
 */
enum TableFile {
    PULUMI("Pulumi.yaml", "/resources/sessions/properties") {
        @Override
        String envelope() {
            return """
            name: parley-table
            runtime: yaml
            config:
              tableName: { type: string, default: %s }
            resources:
              sessions:
                type: aws:dynamodb:Table
                options: { version: 7.48.0, retainOnDelete: true }
            outputs:
              table_name: ${sessions.name}
              table_arn: ${sessions.arn}
            """;
        }

        @Override
        ObjectNode toDynamoDb(ObjectNode properties) {
            replaceParameter(properties, "name", TextNode.valueOf("${tableName}"));
            return PulumiTable.toDynamoDb(properties);
        }
    },

    ACK("ack.yaml", "/spec") {
        @Override
        String envelope() {
            return """
            apiVersion: dynamodb.services.k8s.aws/v1alpha1
            kind: Table
            metadata:
              name: chatbot-sessions
              annotations: { services.k8s.aws/deletion-policy: retain }
            """;
        }

        // ACK uses DynamoDB's names with a lower-case first letter. Only the time to live and the
        // backups, which DynamoDB sets with separate requests, have other names.
        @Override
        ObjectNode toDynamoDb(ObjectNode spec) {
            AllProperties source = new AllProperties((ObjectNode) capitalized(spec));
            ObjectNode table = source.object();
            table.set("TimeToLiveSpecification", source.take("TimeToLive"));
            table.set("PointInTimeRecoverySpecification", source.take("ContinuousBackups"));
            return table;
        }
    },

    CLOUD_FORMATION("cloudformation.yaml", "/Resources/SessionTable/Properties") {
        @Override
        String envelope() {
            return """
            AWSTemplateFormatVersion: '2010-09-09'
            Parameters:
              SessionTableName: { Type: String, Default: %s }
            Resources:
              SessionTable:
                Type: AWS::DynamoDB::Table
                DeletionPolicy: Retain
                UpdateReplacePolicy: Retain
            Outputs:
              TableName: { Value: { Ref: SessionTable } }
              TableArn: { Value: { Fn::GetAtt: [SessionTable, Arn] } }
            """;
        }

        @Override
        ObjectNode toDynamoDb(ObjectNode properties) {
            replaceParameter(properties, "TableName", parse("{ Ref: SessionTableName }"));
            return properties;
        }
    };

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final String fileName;
    private final String tablePointer;

    TableFile(String fileName, String tablePointer) {
        this.fileName = fileName;
        this.tablePointer = tablePointer;
    }

    /** Returns the YAML around the table; {@code %s} stands for the default name of the table. */
    abstract String envelope();

    abstract ObjectNode toDynamoDb(ObjectNode table);

    Path path() {
        return Path.of("k8s", "table", fileName);
    }

    String text() {
        try {
            return Files.readString(path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode content() {
        return (ObjectNode) parse(text());
    }

    /** Returns the table that the file creates; fails if the file contains anything else. */
    DeclaredTable table(ObjectNode content) {
        ObjectNode envelope = content.deepCopy();
        envelope.remove(List.of("Description", "description"));
        int end = tablePointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) envelope.requiredAt(tablePointer.substring(0, end));
        ObjectNode table =
                (ObjectNode) new AllProperties(parent).take(tablePointer.substring(end + 1));
        require(
                envelope.equals(parse(envelope().formatted(defaultName()))),
                "the envelope differs: " + envelope);
        DeclaredTable declared = DeclaredTable.of(toDynamoDb(table));
        require(
                defaultName().equals(declared.creation().tableName()),
                "the default name differs: " + declared.creation().tableName());
        return declared;
    }

    static JsonNode parse(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String defaultName() {
        try {
            return TableConfig.class.getMethod("name").getAnnotation(WithDefault.class).value();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Replaces a reference to the parameter by the default value, which the envelope contains. */
    private static void replaceParameter(ObjectNode table, String property, JsonNode reference) {
        require(
                reference.equals(table.get(property)),
                property + " does not refer to the parameter");
        table.put(property, defaultName());
    }

    /** Returns a copy in which the name of each property begins with an upper-case letter. */
    private static JsonNode capitalized(JsonNode value) {
        if (value.isObject()) {
            ObjectNode capitalized = YAML.createObjectNode();
            value.properties()
                    .forEach(
                            property ->
                                    capitalized.set(
                                            capitalized(property.getKey()),
                                            capitalized(property.getValue())));
            return capitalized;
        }
        if (value.isArray()) {
            ArrayNode capitalized = YAML.createArrayNode();
            value.forEach(element -> capitalized.add(capitalized(element)));
            return capitalized;
        }
        return value;
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}

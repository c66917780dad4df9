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
 * The files in {@code k8s/table}. Each is a table in the words of its tool, within an envelope of
 * which every word counts, but for its description.
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
        ObjectNode inWordsOfDynamoDb(ObjectNode properties) {
            parameter(properties, "name", TextNode.valueOf("${tableName}"));
            return PulumiTable.inWordsOfDynamoDb(properties);
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

        // DynamoDB's words, but for the case of their first letter and what has its own request.
        @Override
        ObjectNode inWordsOfDynamoDb(ObjectNode spec) {
            AllProperties words = new AllProperties((ObjectNode) capitalized(spec));
            ObjectNode table = words.object();
            table.set("TimeToLiveSpecification", words.take("TimeToLive"));
            table.set("PointInTimeRecoverySpecification", words.take("ContinuousBackups"));
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
        ObjectNode inWordsOfDynamoDb(ObjectNode properties) {
            parameter(properties, "TableName", parse("{ Ref: SessionTableName }"));
            return properties;
        }
    };

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final String fileName;
    private final String tableAt;

    TableFile(String fileName, String tableAt) {
        this.fileName = fileName;
        this.tableAt = tableAt;
    }

    /** What is around the table; {@code %s} is the table's name by default. */
    abstract String envelope();

    abstract ObjectNode inWordsOfDynamoDb(ObjectNode table);

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

    /** The table that such a file makes; fails if the file is anything else than that. */
    DeclaredTable table(ObjectNode content) {
        ObjectNode envelope = content.deepCopy();
        envelope.remove(List.of("Description", "description"));
        int end = tableAt.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) envelope.requiredAt(tableAt.substring(0, end));
        ObjectNode table = (ObjectNode) new AllProperties(parent).take(tableAt.substring(end + 1));
        require(
                envelope.equals(parse(envelope().formatted(defaultName()))),
                "the envelope is " + envelope);
        DeclaredTable declared = DeclaredTable.of(inWordsOfDynamoDb(table));
        require(
                defaultName().equals(declared.creation().tableName()),
                "the name is " + declared.creation().tableName());
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

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The envelope says what the parameter is by default. */
    private static void parameter(ObjectNode table, String property, JsonNode reference) {
        require(reference.equals(table.get(property)), property + " isn't the parameter");
        table.put(property, defaultName());
    }

    /** The same with each name's first letter in upper case. */
    private static JsonNode capitalized(JsonNode value) {
        if (value.isObject()) {
            ObjectNode capitalized = YAML.createObjectNode();
            value.properties()
                    .forEach(
                            word ->
                                    capitalized.set(
                                            capitalized(word.getKey()),
                                            capitalized(word.getValue())));
            return capitalized;
        }
        if (value.isArray()) {
            ArrayNode capitalized = YAML.createArrayNode();
            value.forEach(element -> capitalized.add(capitalized(element)));
            return capitalized;
        }
        return value;
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}

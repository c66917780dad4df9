package dev.parley.dynamodb.table;

import static dev.parley.dynamodb.layout.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.layout.TableConfig.Mode.VERIFY;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.docs.Documents;
import dev.parley.dynamodb.ChangeRecorder;
import dev.parley.dynamodb.DocumentEdits;
import dev.parley.dynamodb.DocumentEdits.Edit;
import dev.parley.dynamodb.LocalTable.Config;
import dev.parley.dynamodb.RequestShape;
import dev.parley.local.LocalDynamoDb;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Tests that the files in {@code k8s/table} create the table that the service creates, and protect
 * it from deletion. It compares the requests that they send to DynamoDB.
 *
 * <p>The names and the nesting of DynamoDB's own properties are verified against the SDK's
 * description of the API; an unknown name fails. The names and the nesting that the tools define
 * were verified once, by hand, against these pages:
 *
 * <ul>
 *   <li>Pulumi: the <a
 *       href="https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/table/">table</a> of
 *       the AWS provider 7.48.0. Its types for TypeScript accept the file's properties and options.
 *       For an index, {@code hashKey} is deprecated in favor of {@code keySchemas}. The file is
 *       written in Pulumi's YAML <a
 *       href="https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/">language</a>.
 *   <li>ACK: the <a
 *       href="https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/config/crd/bases/dynamodb.services.k8s.aws_tables.yaml">definition</a>
 *       of the kind {@code Table}, and the <a
 *       href="https://aws-controllers-k8s.github.io/docs/guides/deletion-policy">annotation</a> for
 *       the deletion policy.
 *   <li>CloudFormation: the <a
 *       href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html">resource</a>,
 *       whose {@code Ref} is the name and which has an attribute {@code Arn}; and the <a
 *       href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html">outputs</a>,
 *       whose names are letters and digits.
 * </ul>
 */
@Tag("slow")
class TableAsCodeIT {

    private static final Config SERVICE_TABLE = Config.of(CREATE);
    private static final SortedMap<String, String> EXPECTED = new TreeMap<>();

    private static DynamoDbAsyncClient client;

    @BeforeAll
    static void recordRequestsOfService() {
        client = LocalDynamoDb.client();
        ChangeRecorder recorded = new ChangeRecorder();
        try (DynamoDbAsyncClient recordingClient = LocalDynamoDb.observedBy(recorded)) {
            new TableInitializer(recordingClient, SERVICE_TABLE).usable().await().atMost(TIMEOUT);
        }
        EXPECTED.putAll(RequestShape.properties(recorded.requests()));
        EXPECTED.put("CreateTable.DeletionProtectionEnabled", "true");
        EXPECTED.put("UpdateContinuousBackups.TableName", SERVICE_TABLE.name());
        EXPECTED.put(
                "UpdateContinuousBackups.PointInTimeRecoverySpecification"
                        + ".PointInTimeRecoveryEnabled",
                "true");
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void file_unchanged_createsSameTableAsService(TableFile file) {
        assertThat(properties(file, file.content())).containsExactlyInAnyOrderEntriesOf(EXPECTED);
    }

    @ParameterizedTest
    @EnumSource
    void table_createdFromFile_isAcceptedInModeVerify(TableFile file) {
        Config config = Config.of(VERIFY);
        file.table(file.content()).withName(config.name()).create(client);
        TableInitializer initializer = new TableInitializer(client, config);

        initializer.usable().await().atMost(TIMEOUT);

        assertThat(initializer.state()).isInstanceOf(TableInitializer.State.Ready.class);
    }

    @ParameterizedTest
    @EnumSource
    void edit_ofAnyValue_isDetected(TableFile file) {
        ObjectNode content = file.content();

        List<Edit> edits = DocumentEdits.all(content);

        List<Edit> undetected =
                edits.stream().filter(edit -> !isDetected(file, edit.of(content))).toList();

        assertThat(edits).hasSizeGreaterThan(100);
        assertThat(undetected)
                .allMatch(edit -> edit.at().toString().equalsIgnoreCase("/description"));
    }

    /** Tests typical mistakes. An edit without a value removes the property. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes/0/nonKeyAttributes/0 | status
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes/1/nonKeyAttributes/1 |
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes/1 |
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes/0/projectionType | ALL
                    PULUMI | /resources/sessions/properties/billingMode | PROVISIONED
                    PULUMI | /resources/sessions/properties/rangeKey | startedAt
                    PULUMI | /resources/sessions/properties/ttl/attributeName | endedAt
                    PULUMI | /resources/sessions/properties/ttl |
                    PULUMI | /resources/sessions/properties/tags/Purpose |
                    PULUMI | /resources/sessions/properties/streamEnabled | true
                    PULUMI | /resources/sessions/properties/pointInTimeRecovery/enabled | false
                    PULUMI | /outputs/table_arn | ${sessions.id}
                    ACK | /spec/globalSecondaryIndexes/0/projection/nonKeyAttributes/0 | status
                    ACK | /spec/globalSecondaryIndexes/1/projection/nonKeyAttributes/1 |
                    ACK | /spec/globalSecondaryIndexes/1 |
                    ACK | /spec/globalSecondaryIndexes/0/projection | { projectionType: ALL }
                    ACK | /spec/billingMode | PROVISIONED
                    ACK | /spec/keySchema/1 | { attributeName: startedAt, keyType: RANGE }
                    ACK | /spec/timeToLive/attributeName | endedAt
                    ACK | /spec/timeToLive |
                    ACK | /spec/tags/0 |
                    ACK | /spec/tableClass | STANDARD_INFREQUENT_ACCESS
                    ACK | /spec/continuousBackups/pointInTimeRecoveryEnabled | false
                    ACK | /metadata/annotations/services.k8s.aws~1deletion-policy | delete
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/GlobalSecondaryIndexes/0/Projection/NonKeyAttributes/0 | status
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/GlobalSecondaryIndexes/1/Projection/NonKeyAttributes/1 |
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/GlobalSecondaryIndexes/1 |
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/GlobalSecondaryIndexes/0/Projection | { ProjectionType: ALL }
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/BillingMode | PROVISIONED
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/KeySchema/1 | { AttributeName: startedAt, KeyType: RANGE }
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/TimeToLiveSpecification/AttributeName | endedAt
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/TimeToLiveSpecification |
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/Tags/0 |
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/StreamSpecification | { StreamViewType: NEW_IMAGE }
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/DeletionProtectionEnabled | false
                    CLOUD_FORMATION | /Resources/SessionTable/DeletionPolicy | Delete
                    """)
    void typicalMistake_inFile_isDetected(TableFile file, String at, @Nullable String value) {
        Optional<JsonNode> newValue = Optional.ofNullable(value).map(TableFile::parse);

        ObjectNode edited = new Edit(JsonPointer.compile(at), newValue).of(file.content());

        assertThat(isDetected(file, edited)).isTrue();
    }

    /** DynamoDB treats these lists as sets, so their order has no meaning. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PULUMI | /resources/sessions/properties/attributes
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes
                    PULUMI | /resources/sessions/properties/globalSecondaryIndexes/1/nonKeyAttributes
                    ACK | /spec/attributeDefinitions
                    ACK | /spec/globalSecondaryIndexes
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/AttributeDefinitions
                    CLOUD_FORMATION | /Resources/SessionTable/Properties/GlobalSecondaryIndexes
                    """)
    void order_ofSet_isIgnored(TableFile file, String at) {
        ObjectNode content = file.content();
        JsonNode first = content.requiredAt(at + "/0").deepCopy();
        JsonNode second = content.requiredAt(at + "/1").deepCopy();

        ObjectNode swapped =
                new Edit(JsonPointer.compile(at + "/0"), Optional.of(second)).of(content);
        swapped = new Edit(JsonPointer.compile(at + "/1"), Optional.of(first)).of(swapped);

        assertThat(properties(file, swapped)).containsExactlyInAnyOrderEntriesOf(EXPECTED);
    }

    /** YAML 1.1 parses an unquoted N as "no", and so do some libraries that the tools use. */
    @ParameterizedTest
    @EnumSource
    void attributeType_inYaml_isQuoted(TableFile file) {
        assertThat(file.text())
                .contains("'N'")
                .doesNotContainPattern("[:\\[,]\\s*[nNyY]\\s*[,}\\]\\n]");
    }

    @ParameterizedTest
    @EnumSource
    void path_ofFile_isInStorageDocument(TableFile file) throws IOException {
        assertThat(Documents.read(Documents.STORAGE)).contains("`" + file.path() + "`");
    }

    private static boolean isDetected(TableFile file, ObjectNode content) {
        try {
            return !properties(file, content).equals(EXPECTED);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static SortedMap<String, String> properties(TableFile file, ObjectNode content) {
        return file.table(content.deepCopy()).withName(SERVICE_TABLE.name()).properties();
    }
}

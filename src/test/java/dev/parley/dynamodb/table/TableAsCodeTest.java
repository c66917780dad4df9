package dev.parley.dynamodb.table;

import static dev.parley.dynamodb.layout.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.layout.TableConfig.Mode.VERIFY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.docs.Documents;
import dev.parley.dynamodb.ChangingRequests;
import dev.parley.dynamodb.Edits;
import dev.parley.dynamodb.Edits.Edit;
import dev.parley.dynamodb.LocalTable.Config;
import dev.parley.dynamodb.RequestShape;
import dev.parley.local.LocalDynamoDb;
import java.io.IOException;
import java.time.Duration;
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
 * The files in {@code k8s/table} make the table that the service makes, by what it asks DynamoDB
 * for, and protect it.
 *
 * <p>What a property is called, and where it belongs, is DynamoDB's own API in the SDK's
 * description; a name that it doesn't have fails. That the tools' own names and nesting are right
 * was looked up, once:
 *
 * <ul>
 *   <li>Pulumi: the <a
 *       href="https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/table/">table</a> of
 *       the AWS provider 7.48.0, whose types for TypeScript take the file's properties and options,
 *       and in which an index's {@code hashKey} is deprecated for {@code keySchemas}; the <a
 *       href="https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/">language</a>
 *       around it.
 *   <li>ACK: the <a
 *       href="https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/config/crd/bases/dynamodb.services.k8s.aws_tables.yaml">definition</a>
 *       of the kind; the <a
 *       href="https://aws-controllers-k8s.github.io/docs/guides/deletion-policy">annotation</a>.
 *   <li>CloudFormation: the <a
 *       href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html">resource</a>,
 *       whose {@code Ref} is the name and which has an attribute {@code Arn}; <a
 *       href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html">outputs</a>,
 *       whose names are letters and digits.
 * </ul>
 */
@Tag("slow")
class TableAsCodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Config CREATED = Config.of(CREATE);
    private static final SortedMap<String, String> WANTED = new TreeMap<>();

    private static DynamoDbAsyncClient client;

    @BeforeAll
    static void seeWhatTheServiceAsksFor() {
        client = LocalDynamoDb.client();
        ChangingRequests seen = new ChangingRequests();
        try (DynamoDbAsyncClient watched = LocalDynamoDb.seenBy(seen)) {
            new TableInitializer(watched, CREATED).usable().await().atMost(PATIENCE);
        }
        WANTED.putAll(RequestShape.properties(seen.requests()));
        WANTED.put("CreateTable.DeletionProtectionEnabled", "true");
        WANTED.put("UpdateContinuousBackups.TableName", CREATED.name());
        WANTED.put(
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
    void file_asItIs_makesTheTableOfTheService(TableFile file) {
        assertThat(properties(file, file.content())).containsExactlyInAnyOrderEntriesOf(WANTED);
    }

    @ParameterizedTest
    @EnumSource
    void table_ofAFile_isTakenInModeVerify(TableFile file) {
        Config config = Config.of(VERIFY);
        file.table(file.content()).named(config.name()).make(client);
        TableInitializer initializer = new TableInitializer(client, config);

        initializer.usable().await().atMost(PATIENCE);

        assertThat(initializer.state()).isInstanceOf(TableInitializer.State.Ready.class);
    }

    @ParameterizedTest
    @EnumSource
    void edit_ofAnything_isNoticed(TableFile file) {
        ObjectNode content = file.content();

        List<Edit> edits = Edits.all(content);

        List<Edit> unnoticed =
                edits.stream().filter(edit -> !isNoticed(file, edit.of(content))).toList();

        assertThat(edits).hasSizeGreaterThan(100);
        assertThat(unnoticed)
                .allMatch(edit -> edit.at().toString().equalsIgnoreCase("/description"));
    }

    /** Those that are easily made; an edit without a value removes. */
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
    void edit_ofAFile_isNoticed(TableFile file, String at, @Nullable String value) {
        Optional<JsonNode> becomes = Optional.ofNullable(value).map(TableFile::parse);

        ObjectNode edited = new Edit(JsonPointer.compile(at), becomes).of(file.content());

        assertThat(isNoticed(file, edited)).isTrue();
    }

    /** Lists that are sets to DynamoDB may stand in any order. */
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
    void order_ofASet_meansNothing(TableFile file, String at) {
        ObjectNode content = file.content();
        JsonNode first = content.requiredAt(at + "/0").deepCopy();
        JsonNode second = content.requiredAt(at + "/1").deepCopy();

        ObjectNode swapped =
                new Edit(JsonPointer.compile(at + "/0"), Optional.of(second)).of(content);
        swapped = new Edit(JsonPointer.compile(at + "/1"), Optional.of(first)).of(swapped);

        assertThat(properties(file, swapped)).containsExactlyInAnyOrderEntriesOf(WANTED);
    }

    /** YAML 1.1 reads a bare N as "no", and so do some of the tools' libraries. */
    @ParameterizedTest
    @EnumSource
    void attributeType_inYaml_isQuoted(TableFile file) {
        assertThat(file.text())
                .contains("'N'")
                .doesNotContainPattern("[:\\[,]\\s*[nNyY]\\s*[,}\\]\\n]");
    }

    @ParameterizedTest
    @EnumSource
    void file_isToldInTheReadme(TableFile file) throws IOException {
        assertThat(Documents.read(Documents.STORAGE)).contains("`" + file.path() + "`");
    }

    private static boolean isNoticed(TableFile file, ObjectNode content) {
        try {
            return !properties(file, content).equals(WANTED);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static SortedMap<String, String> properties(TableFile file, ObjectNode content) {
        return file.table(content.deepCopy()).named(CREATED.name()).properties();
    }
}

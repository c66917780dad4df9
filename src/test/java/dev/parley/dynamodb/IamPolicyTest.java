package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import dev.parley.session.TurnQuery.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The policies in {@code k8s/iam} grant what the service asks DynamoDB for, and nothing else. */
@Tag("slow")
class IamPolicyTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String TABLE = "arn:aws:dynamodb:REGION:ACCOUNT:table/ChatbotSessions";

    private static final JavaClasses PARLEY =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.parley");

    private static final RequestedGrants WHO_CREATES = new RequestedGrants();
    private static final RequestedGrants WHO_VERIFIES = new RequestedGrants();

    /** All that one can do with a session. */
    @BeforeAll
    static void useTheTable() {
        LocalTable.Config config = LocalTable.Config.of(TableConfig.Mode.CREATE);
        use(config, WHO_CREATES);
        complete(WHO_CREATES);
        use(new LocalTable.Config(config.name(), TableConfig.Mode.VERIFY), WHO_VERIFIES);
    }

    @Test
    void policy_ofModeCreate_grantsWhatIsAskedForAndNothingElse() throws IOException {
        assertThat(granted("parley-create.json")).isEqualTo(WHO_CREATES.grants());
    }

    @Test
    void policy_ofModeVerify_grantsWhatIsAskedForAndNothingElse() throws IOException {
        assertThat(granted("parley-verify.json")).isEqualTo(WHO_VERIFIES.grants());
    }

    /** A request that this test doesn't make is one that it can't find missing in a policy. */
    @Test
    void requests_ofTheCode_areAllMadeHere() {
        assertThat(called(DynamoDbAsyncClient.class, "close")).isEqualTo(WHO_CREATES.operations());
    }

    @Test
    void transactions_ofTheCode_onlyUpdate() {
        assertThat(called(TransactWriteItem.Builder.class, "build")).containsExactly("Update");
    }

    /** A table whose creation was interrupted. */
    private static void complete(RequestedGrants seen) {
        LocalTable.Config config = LocalTable.Config.of(TableConfig.Mode.CREATE);
        try (DynamoDbAsyncClient client = LocalDynamoDb.seenBy(seen)) {
            client.createTable(SessionTable.createRequest(config.name())).join();
            new TableInitializer(client, config).usable().await().atMost(PATIENCE);
        }
    }

    private static void use(LocalTable.Config config, RequestedGrants seen) {
        try (LocalTable table = new LocalTable(config, LocalDynamoDb.seenBy(seen))) {
            String id = "in-mode-" + config.mode();
            Prose prose = new Prose(42);
            List<SessionEvent> turns =
                    IntStream.range(0, 100).mapToObj(n -> prose.turn(id, n)).toList();
            table.writer(LocalTable.NOW).apply(id, turns).await().atMost(PATIENCE);
            table.apply(event(id).at(10).turn("t-late", prose.text(20_000))); // too large to wait
            table.find(id);
            table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100);
            SessionReader reader = table.reader(LocalTable.NOW);
            TimeRange day = new TimeRange(LocalTable.NOW.minus(Duration.ofDays(1)), LocalTable.NOW);
            reader.list(SessionQuery.started(day)).await().atMost(PATIENCE);
            reader.list(ofUser("u-1042")).await().atMost(PATIENCE);
            table.apply(event(id).at(1_000).deleted());
            assertThat(table.find(id)).isEmpty();
        }
    }

    private static SessionQuery ofUser(String userId) {
        return new SessionQuery(
                Optional.of(userId),
                TimeRange.ALL,
                Optional.empty(),
                Optional.empty(),
                10,
                Optional.empty());
    }

    /** Methods that the code calls on that type, as the requests are called. */
    private static Set<String> called(Class<?> type, String other) {
        return PARLEY.stream()
                .flatMap(c -> c.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isAssignableTo(type))
                .map(JavaAccess::getName)
                .filter(name -> !name.equals(other))
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> granted(String policy) throws IOException {
        JsonNode json = new JsonMapper().readTree(Path.of("k8s", "iam", policy).toFile());
        assertThat(json.at("/Version").asText()).isEqualTo("2012-10-17");
        return elements(json.at("/Statement"))
                .flatMap(IamPolicyTest::granted)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> granted(JsonNode statement) {
        assertThat(statement.at("/Effect").asText()).isEqualTo("Allow");
        return elements(statement.at("/Action"))
                .map(action -> action.asText().replaceFirst("^dynamodb:", ""))
                .flatMap(
                        action ->
                                elements(statement.at("/Resource"))
                                        .map(arn -> resource(arn.asText()))
                                        .map(on -> RequestedGrants.grant(action, on)));
    }

    /** The table's ARN is {@code table}, that of an index {@code index/} and its name. */
    private static String resource(String arn) {
        return arn.equals(TABLE) ? "table" : arn.replace(TABLE + "/", "");
    }

    /** IAM takes a single text for a list of one. */
    private static Stream<JsonNode> elements(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.of(list);
    }
}

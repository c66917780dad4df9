package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
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
import io.smallrye.mutiny.Multi;
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

/** Tests that the policies in {@code k8s/iam} grant exactly what the service's requests need. */
@Tag("slow")
class IamPolicyIT {

    private static final String TABLE = "arn:aws:dynamodb:REGION:ACCOUNT:table/ChatbotSessions";

    private static final JavaClasses PARLEY =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.parley");

    private static final RequestedGrants IN_MODE_CREATE = new RequestedGrants();
    private static final RequestedGrants IN_MODE_VERIFY = new RequestedGrants();

    /** Sends all requests that the service can send. */
    @BeforeAll
    static void sendAllRequests() {
        LocalTable.Config config = LocalTable.Config.of(TableConfig.Mode.CREATE);
        useTable(config, IN_MODE_CREATE);
        completeTable(IN_MODE_CREATE);
        useTable(new LocalTable.Config(config.name(), TableConfig.Mode.VERIFY), IN_MODE_VERIFY);
    }

    @Test
    void policy_ofModeCreate_grantsExactlyTheRequestedActions() throws IOException {
        assertThat(granted("parley-create.json")).isEqualTo(IN_MODE_CREATE.grants());
    }

    @Test
    void policy_ofModeVerify_grantsExactlyTheRequestedActions() throws IOException {
        assertThat(granted("parley-verify.json")).isEqualTo(IN_MODE_VERIFY.grants());
    }

    /** If this test doesn't send a request, it can't find out that a policy doesn't grant it. */
    @Test
    void requests_ofTheCode_areAllSentByThisTest() {
        assertThat(calledMethods(DynamoDbAsyncClient.class, "close"))
                .isEqualTo(IN_MODE_CREATE.operations());
    }

    @Test
    void transactions_ofTheCode_containOnlyUpdates() {
        assertThat(calledMethods(TransactWriteItem.Builder.class, "build"))
                .containsExactly("Update");
    }

    /** Completes a table whose creation was interrupted. */
    private static void completeTable(RequestedGrants requested) {
        LocalTable.Config config = LocalTable.Config.of(TableConfig.Mode.CREATE);
        try (DynamoDbAsyncClient client = LocalDynamoDb.observedBy(requested)) {
            client.createTable(SessionTable.createRequest(config.name())).join();
            new TableInitializer(client, config).usable().await().atMost(TIMEOUT);
        }
    }

    private static void useTable(LocalTable.Config config, RequestedGrants requested) {
        try (LocalTable table = new LocalTable(config, LocalDynamoDb.observedBy(requested))) {
            String id = "in-mode-" + config.mode();
            Prose prose = new Prose(42);
            List<SessionEvent> turns =
                    IntStream.range(0, 100).mapToObj(n -> prose.turn(id, n)).toList();
            table.writer(LocalTable.NOW).apply(id, turns).await().atMost(TIMEOUT);
            // This late turn is too large for a waiting turn.
            table.apply(event(id).at(10).turn("t-late", prose.text(20_000)));
            writeTogether(table, id);
            table.find(id);
            table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100);
            SessionReader reader = table.reader(LocalTable.NOW);
            TimeRange lastDay =
                    new TimeRange(LocalTable.NOW.minus(Duration.ofDays(1)), LocalTable.NOW);
            reader.list(SessionQuery.started(lastDay)).await().atMost(TIMEOUT);
            reader.list(ofUser("u-1042")).await().atMost(TIMEOUT);
            table.apply(event(id).at(1_000).deleted());
            assertThat(table.find(id)).isEmpty();
        }
    }

    /** Writes two turns of many sessions, so that batches create items and change them. */
    private static void writeTogether(LocalTable table, String id) {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int turn = 0; turn < 2; turn++) {
            int number = turn;
            Multi.createFrom()
                    .range(0, 50)
                    .onItem()
                    .transformToUni(
                            i ->
                                    writer.apply(
                                            id + "-" + i,
                                            List.of(event(id + "-" + i).turn("t-" + number, "hi"))))
                    .merge(50)
                    .collect()
                    .asList()
                    .await()
                    .atMost(TIMEOUT);
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

    /** Returns the methods of this type that the code calls, by the names of the requests. */
    private static Set<String> calledMethods(Class<?> type, String ignored) {
        return PARLEY.stream()
                .flatMap(c -> c.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isAssignableTo(type))
                .map(JavaAccess::getName)
                .filter(name -> !name.equals(ignored))
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> granted(String policy) throws IOException {
        JsonNode json = new JsonMapper().readTree(Path.of("k8s", "iam", policy).toFile());
        assertThat(json.at("/Version").asText()).isEqualTo("2012-10-17");
        return elements(json.at("/Statement"))
                .flatMap(IamPolicyIT::granted)
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
                                        .map(name -> RequestedGrants.grant(action, name)));
    }

    /** Returns {@code table} for the table's ARN, and {@code index/} with its name for an index. */
    private static String resource(String arn) {
        return arn.equals(TABLE) ? "table" : arn.replace(TABLE + "/", "");
    }

    /** IAM accepts a single text instead of a list with one element. */
    private static Stream<JsonNode> elements(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.of(list);
    }
}

package dev.parley.dynamodb.table;

import dev.parley.dynamodb.client.DynamoDbFailures;
import dev.parley.dynamodb.layout.SessionTable;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * Determines whether a table was created for Parley, so that Parley may change it. This is true if
 * this instance created it. It is also true if the table is exactly what {@code mode=create}
 * creates, without anything else, and has the tag {@link SessionTable#PURPOSE}. If tags can't be
 * read, because DynamoDB Local has none or the permission is missing, the other conditions decide:
 * the same keys, types, names and projections of two indexes are not a coincidence.
 */
final class TableOrigin {

    /**
     * How long the tags of a new table may be invisible. AWS documents some seconds (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html">TagResource</a>).
     */
    private static final Duration TAGS_APPEAR_WITHIN = Duration.ofMinutes(2);

    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    /** What is known about the origin of a table. */
    sealed interface Answer {
        record Own() implements Answer {}

        record NotKnownYet(String reason) implements Answer {}

        record Foreign(String reason) implements Answer {}
    }

    private final DynamoDbAsyncClient client;
    private volatile boolean isCreatedHere;

    TableOrigin(DynamoDbAsyncClient client) {
        this.client = client;
    }

    /** Records that this instance has just created the table. */
    void createdHere() {
        isCreatedHere = true;
    }

    /**
     * Returns the origin of a table.
     *
     * @param table a table that has everything that sessions need
     */
    Uni<Answer> determine(TableDescription table) {
        List<String> additions = TableDifferences.additions(table);
        if (isCreatedHere) {
            return Uni.createFrom().item(new Answer.Own());
        }
        return additions.isEmpty()
                ? tags(table.tableArn(), null, new ArrayList<>())
                        .map(tags -> byTags(table, tags))
                        .onFailure(TableOrigin::isRefused)
                        .recoverWithItem(new Answer.Own())
                : Uni.createFrom()
                        .item(
                                new Answer.Foreign(
                                        "Parley never creates a table that has "
                                                + String.join(", ", additions)));
    }

    private static Answer byTags(TableDescription table, List<Tag> tags) {
        if (tags.contains(SessionTable.PURPOSE)) {
            return new Answer.Own();
        }
        Instant created = table.creationDateTime();
        boolean isNew = created != null && created.plus(TAGS_APPEAR_WITHIN).isAfter(Instant.now());
        String purpose = SessionTable.PURPOSE.key() + "=" + SessionTable.PURPOSE.value();
        return isNew
                ? new Answer.NotKnownYet("its tag " + purpose + " is not visible yet")
                : new Answer.Foreign("it has no tag " + purpose);
    }

    private Uni<List<Tag>> tags(String arn, @Nullable String from, List<Tag> found) {
        return Uni.createFrom()
                .completionStage(
                        () -> client.listTagsOfResource(r -> r.resourceArn(arn).nextToken(from)))
                .chain(
                        response -> {
                            found.addAll(response.tags());
                            return response.nextToken() == null
                                    ? Uni.createFrom().item(found)
                                    : tags(arn, response.nextToken(), found);
                        });
    }

    /** Returns whether the tags can't be read, now or later, so that a retry is useless. */
    private static boolean isRefused(Throwable thrown) {
        return DynamoDbFailures.cause(thrown) instanceof DynamoDbException failure
                && !(failure instanceof ResourceNotFoundException)
                && !failure.isThrottlingException()
                && failure.statusCode() >= CLIENT_ERROR
                && failure.statusCode() < SERVER_ERROR;
    }
}

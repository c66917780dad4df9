package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.pages.PageStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/**
 * Provides the DynamoDB requests of ingestion. Ingestion's own threads process the responses,
 * because the writer inflates pages and makes plans at that point. Readers share the client's event
 * loops, and a session with large turns would block these for seconds.
 */
@Dependent
class IngestRequests {

    /** Name of ingestion's threads and of the beans that use them. */
    static final String NAME = "ingestion";

    @Produces
    @Singleton
    @Identifier(NAME)
    DynamoDb requests(DynamoDb dynamoDb, @Identifier(NAME) Executor threads) {
        return dynamoDb.answering(threads);
    }

    @Produces
    @Singleton
    @Identifier(NAME)
    PageStore pages(@Identifier(NAME) DynamoDb dynamoDb) {
        return new PageStore(dynamoDb);
    }
}

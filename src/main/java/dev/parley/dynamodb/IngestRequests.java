package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.pages.PageStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/**
 * Makes the requests of ingestion: what a writer does with their answers, which is to inflate pages
 * and to plan, is done by ingestion's own threads. The client's event loops are those of readers,
 * too, and a session of large turns would hold them up for seconds.
 */
@Dependent
class IngestRequests {

    /** Of ingestion's threads, and of what works on them. */
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

package dev.parley.dynamodb.read;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the texts of large turns, which are stored in parts. It reads one turn after the other, on
 * demand, so that no more than a turn or two are in memory.
 */
public final class LargeTurns {

    private final DynamoDb dynamoDb;

    public LargeTurns(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Returns the turns with their texts. It leaves out turns that have expired meanwhile, and
     * fails with {@link OutdatedHead} if the session has changed so that a text is not stored any
     * more.
     *
     * @param turns turns as blocks of the head, or of its pages, contain them
     * @param latest reads the current head with a consistent read
     */
    public Multi<TurnBlock.Line> withTexts(
            VisibleHead head,
            List<TurnBlock.Line> turns,
            Supplier<Uni<Optional<VisibleHead>>> latest) {
        return Multi.createFrom()
                .iterable(turns)
                .onItem()
                .transformToUniAndConcatenate(turn -> withText(head, turn, latest))
                .filter(Optional::isPresent)
                .map(Optional::get);
    }

    private Uni<Optional<TurnBlock.Line>> withText(
            VisibleHead head, TurnBlock.Line turn, Supplier<Uni<Optional<VisibleHead>>> latest) {
        Turn.Parts parts = turn.entry().parts();
        if (parts == null) {
            return Uni.createFrom().item(Optional.of(turn));
        }
        return text(head.sessionId(), parts, false)
                .chain(
                        found ->
                                found.isPresent()
                                        ? Uni.createFrom().item(found)
                                        : text(head.sessionId(), parts, true))
                .call(
                        found ->
                                found.isPresent()
                                        ? Uni.createFrom().voidItem()
                                        : accept(head, latest))
                .map(found -> found.map(text -> new TurnBlock.Line(turn.entry(), text)));
    }

    private Uni<Optional<String>> text(String sessionId, Turn.Parts parts, boolean consistent) {
        return dynamoDb.get(TextPart.keys(sessionId, parts), consistent)
                .map(items -> TextPart.text(sessionId, parts, items));
    }

    /** Accepts that a text is missing if the session has not changed: then it has expired. */
    private static Uni<Void> accept(VisibleHead head, Supplier<Uni<Optional<VisibleHead>>> latest) {
        return latest.get()
                .invoke(
                        current -> {
                            boolean same =
                                    current.filter(
                                                    now ->
                                                            now.head().version()
                                                                    == head.head().version())
                                            .isPresent();
                            if (!same) {
                                throw new OutdatedHead(current);
                            }
                        })
                .replaceWithVoid();
    }
}

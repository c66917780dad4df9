package dev.parley.dynamodb.write;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.plan.Plan;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Searches for the greatest latency of a session after a plan, when the turn that had it was
 * revised to a lower one.
 */
final class MaxLatencySearch {

    private final Plan plan;
    private final TimeRange kept;

    /**
     * The identities of the waiting turns. A page may already contain such a turn, in a revision
     * that no longer counts.
     */
    private final Set<Turn.Identity> waiting;

    private long greatest;

    /**
     * Creates the search.
     *
     * @param kept turns that happened outside this range have expired, whether or not DynamoDB has
     *     deleted them
     */
    MaxLatencySearch(Plan plan, TimeRange kept) {
        this.plan = plan;
        this.kept = kept;
        this.waiting = plan.head().waiting().identities().collect(Collectors.toSet());
    }

    /**
     * Searches the plan, then the pages that the plan does not change, and returns the greatest
     * latency in milliseconds; 0 if there is none.
     *
     * @param stored the stored head; the pages of the plan replace its pages
     * @param limit no latency is greater, so that the search ends when it finds one that is as
     *     great
     */
    Uni<Long> run(PageStore pages, String sessionId, SessionHead stored, long limit) {
        List<Turn> planned = new ArrayList<>(plan.head().tail().turns());
        planned.addAll(plan.head().waiting().turns());
        plan.pages().values().forEach(page -> planned.addAll(withoutWaiting(page)));
        greatest = maxLatencyMs(planned);
        if (greatest >= limit) {
            return Uni.createFrom().item(greatest);
        }
        return pages.newestFirst(sessionId, stored)
                .select()
                .first(page -> greatest < limit)
                .filter(page -> !plan.pages().containsKey(page.key()))
                .invoke(
                        page ->
                                greatest =
                                        Math.max(
                                                greatest,
                                                maxLatencyMs(withoutWaiting(page.page()))))
                .collect()
                .last()
                .map(last -> greatest);
    }

    private List<Turn> withoutWaiting(TurnPage page) {
        return page.turns().turns().stream()
                .filter(turn -> !waiting.contains(turn.identity()))
                .toList();
    }

    private long maxLatencyMs(List<Turn> turns) {
        return turns.stream()
                .filter(turn -> kept.contains(turn.occurredAt()))
                .map(Turn::latencyMs)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }
}

package dev.parley.dynamodb.write;

import dev.parley.dynamodb.client.WriteResult;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.plan.ErasurePlan;
import dev.parley.dynamodb.plan.LateTurnPlanner;
import dev.parley.dynamodb.plan.Plan;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the writer. It plans and writes, step by step, until every event has its outcome.
 * Nearly always one step is enough. Deletions come first, then all events that need only the head,
 * then the turns that may be in a page, page by page. The order makes no difference to the result.
 *
 * <p>If another writer was faster, plans are made again from what is stored now.
 */
public final class SessionUpdate {

    private final String sessionId;
    private final List<SessionEvent> events;
    private final @Nullable Outcome[] outcomes;
    private final Set<Turn.Identity> inNoPage = new HashSet<>();
    private final PlanWriter plans;
    private final PageStore pages;
    private final TargetSearch targets;
    private final SessionPlanner planner;
    private final Clock clock;

    public SessionUpdate(
            String sessionId,
            List<SessionEvent> events,
            PlanWriter plans,
            PageStore pages,
            SessionPlanner planner,
            Clock clock) {
        this.sessionId = sessionId;
        this.events = List.copyOf(events);
        this.outcomes = new Outcome[events.size()];
        this.plans = plans;
        this.pages = pages;
        this.targets = new TargetSearch(sessionId, pages, planner);
        this.planner = planner;
        this.clock = clock;
    }

    /** Returns the outcome of each event, after {@link #run} has completed. */
    public List<Outcome> outcomes() {
        return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }

    /**
     * Settles all events, and returns the head that is stored afterwards. After a failure it may be
     * run again, and then continues where it stopped.
     *
     * @param stored reads the head to start from
     */
    public Uni<SessionHead> run(Supplier<Uni<SessionHead>> stored) {
        inNoPage.clear();
        return plans.repeatUnanswered().map(this::settled).orElseGet(stored).chain(this::run);
    }

    private Uni<SessionHead> run(SessionHead head) {
        if (head.profileItem() instanceof ProfileItem.Unread) {
            return pages.withWholeProfile(sessionId, head).chain(this::run);
        }
        Integer erasingFrom = head.pages().erasingFrom();
        if (erasingFrom != null) {
            return finishErasure(head, erasingFrom).chain(this::run);
        }
        Map<Integer, SessionEvent> open = open();
        if (open.isEmpty()) {
            return Uni.createFrom().item(head);
        }
        if (!head.knowsNewestPages()) {
            return pages.newestPages(sessionId, head).chain(newest -> run(head.with(newest)));
        }
        Optional<Integer> deletion =
                open.keySet().stream()
                        .filter(i -> events.get(i) instanceof SessionDeleted)
                        .max(Comparator.comparing(i -> events.get(i).occurredAt()));
        return deletion.map(i -> erase(head, i)).orElseGet(() -> plan(head, open)).chain(this::run);
    }

    /** Returns the events that have no outcome yet, by their index. */
    private Map<Integer, SessionEvent> open() {
        Map<Integer, SessionEvent> open = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                open.put(i, events.get(i));
            }
        }
        return open;
    }

    private Uni<SessionHead> plan(SessionHead head, Map<Integer, SessionEvent> open) {
        Plan plan = planner.plan(head, open, inNoPage, now());
        return plan.settlesAny() ? commit(head, plan) : late(head, open);
    }

    /** Settles the first turn that may be in a page, together with other turns of the same page. */
    private Uni<SessionHead> late(SessionHead head, Map<Integer, SessionEvent> open) {
        int first =
                open.keySet().stream()
                        .min(Comparator.comparing(i -> TurnPosition.of(turn(i))))
                        .orElseThrow();
        return targets.pageOf(head, turn(first), planner.kept(now()))
                .chain(
                        target -> {
                            if (target.isEmpty()) {
                                inNoPage.add(turn(first).identity());
                                return Uni.createFrom().item(head);
                            }
                            return targets.pageToMoveTo(head, target.get())
                                    .chain(
                                            crowded ->
                                                    late(
                                                            head,
                                                            new LateTurnPlanner.Targets(
                                                                    target.get(), crowded),
                                                            open,
                                                            first));
                        });
    }

    private Uni<SessionHead> late(
            SessionHead head,
            LateTurnPlanner.Targets targets,
            Map<Integer, SessionEvent> open,
            int first) {
        boolean headIsOld =
                targets.page().isNewerThan(head)
                        || targets.crowded().filter(page -> page.isNewerThan(head)).isPresent();
        return headIsOld
                ? plans.latest(head)
                : commit(head, planner.late(head, targets, open, first, now()));
    }

    private Turn turn(int index) {
        return ((TurnRecorded) events.get(index)).turn();
    }

    private Uni<SessionHead> erase(SessionHead head, int index) {
        SessionDeleted deletion = (SessionDeleted) events.get(index);
        ErasurePlan erasure = planner.erase(head, deletion, now());
        boolean leavesSome =
                !erasure.isKnown()
                        && !head.pages().isEmpty()
                        && head.hasSealedAfter(deletion.occurredAt());
        Multi<List<Turn>> left =
                leavesSome
                        ? pages.pagesAfter(sessionId, head, deletion.occurredAt())
                        : Multi.createFrom().empty();
        return left.onItem()
                .transformToUniAndConcatenate(page -> add(head, erasure, page))
                .select()
                .where(written -> !written)
                .toUni()
                .chain(
                        lost ->
                                lost == null
                                        ? commit(head, erasure.finished(index))
                                        : plans.latest(head))
                .chain(
                        written ->
                                written.pages().erasingFrom() == null
                                        ? withoutOrphans(written)
                                        : Uni.createFrom().item(written));
    }

    /**
     * Adds a page to the deletion, and writes the new pages that are filled. The result is false if
     * a conflict prevented a write.
     */
    private Uni<Boolean> add(SessionHead head, ErasurePlan erasure, List<Turn> page) {
        erasure.add(page);
        return erasure.filled()
                .map(
                        filled ->
                                plans.writePages(head, filled)
                                        .map(WriteResult.Done.class::isInstance))
                .orElseGet(() -> Uni.createFrom().item(true));
    }

    /**
     * Erases pages of a deleted session that no head refers to, because their writer crashed or was
     * too late. There may be such pages even if the deletion has no pages to erase. Returns the
     * head.
     */
    public Uni<SessionHead> withoutOrphans(SessionHead head) {
        return head.deletedAt() == null
                ? Uni.createFrom().item(head)
                : pages.eraseOrphans(sessionId, head).replaceWith(head);
    }

    /** Erases the pages that the head marks as gone, and then writes the head without that mark. */
    private Uni<SessionHead> finishErasure(SessionHead head, int from) {
        SessionHead done = head.erased();
        return pages.erase(sessionId, from, head)
                .chain(() -> pages.eraseParts(sessionId, head))
                .chain(() -> plans.write(head, done));
    }

    private Uni<SessionHead> commit(SessionHead head, Plan plan) {
        if (!plan.changes()) {
            settle(plan.outcomes());
            return Uni.createFrom().item(head);
        }
        if (plan.lostMaxLatency()) {
            return withMaxLatency(head, plan).chain(counted -> commit(head, counted));
        }
        inNoPage.clear();
        return settled(plans.write(head, plan));
    }

    private Uni<Plan> withMaxLatency(SessionHead head, Plan plan) {
        Counters counters = plan.head().counters();
        long limit = counters.latency().maxMs();
        return new MaxLatencySearch(plan, planner.kept(now()))
                .run(pages, sessionId, head, limit)
                .map(greatest -> plan.with(counters.withMaxLatencyMs(greatest)));
    }

    private Uni<SessionHead> settled(Uni<PlanWriter.Written> write) {
        return write.invoke(written -> settle(written.done())).map(PlanWriter.Written::head);
    }

    private void settle(Map<Integer, Outcome> settled) {
        settled.forEach((event, outcome) -> outcomes[event] = outcome);
    }

    private Instant now() {
        return clock.instant();
    }
}

package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.dynamodb.layout.WaitingTurns;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans a deletion. The turns that remain are moved to new pages, and all old pages are erased. The
 * plan receives the remaining turns page by page, and returns new pages as they are filled. It
 * therefore never contains more than some pages of a session.
 */
public final class ErasurePlan {

    private final SessionHead stored;
    private final SessionDraft draft;
    private final Instant moment;
    private final TimeRange kept;
    private final boolean known;

    /** The waiting turns that have not been merged with the turns of the pages yet. */
    private final WaitingTurns<Turn> waiting;

    /** The turns of the tail before the deletion. */
    private final List<Turn> last;

    /**
     * Starts the plan.
     *
     * @param kept the range of times of events that have not expired
     */
    ErasurePlan(
            SessionHead stored,
            SessionDraft draft,
            SessionDeleted deletion,
            TimeRange kept,
            Instant rememberedUntil) {
        this.stored = stored;
        this.draft = draft;
        this.kept = kept;
        moment = deletion.occurredAt();
        known = draft.isDeleted(moment);
        waiting = WaitingTurns.all(draft.turns.waiting());
        last = draft.turns.tail().turns();
        draft.deletedAt = moment;
        draft.rememberedUntil = rememberedUntil;
        draft.asOf = ifAfter(draft.asOf);
        draft.endedAt = ifAfter(draft.endedAt);
        draft.profile.erase(moment);
        draft.counters = Counters.NONE;
        draft.firstTurnAt = null;
        draft.lastTurnAt = null;
        draft.turns.dropPages(draft.hasParts());
        draft.turns.setTail(List.of());
    }

    /** Returns whether this deletion, or one with a later time, was applied before. */
    public boolean isKnown() {
        return known;
    }

    /**
     * Adds the turns of a page. Pages must be added in order.
     *
     * @param page turns in order; at least one
     */
    public void add(List<Turn> page) {
        waiting.mergeInto(TurnPosition.of(page.getLast()), page).forEach(this::leave);
    }

    private void leave(Turn turn) {
        if (turn.occurredAt().isAfter(moment) && kept.contains(turn.occurredAt())) {
            draft.turns.add(turn);
            draft.count(turn);
        }
    }

    /**
     * Returns new pages that must be written before further pages are added. In most cases there
     * are none, and the result is empty.
     */
    public Optional<Plan> filled() {
        return draft.turns.sealed() <= SessionPlanner.MAX_PAGES
                ? Optional.empty()
                : Optional.of(draft.newPages(draft.turns.pages().takeFull()));
    }

    /**
     * Returns the rest of the plan with the head, after all pages have been added.
     *
     * @param event the index of the deletion
     */
    public Plan finished(int event) {
        if (known) {
            return Plan.nothing(stored, event, Outcome.DUPLICATE);
        }
        waiting.takeRemaining().forEach(this::leave);
        last.forEach(this::leave);
        return draft.toPlan(Plan.WriteMode.SEAL, Map.of(event, Outcome.APPLIED));
    }

    private @Nullable Instant ifAfter(@Nullable Instant at) {
        return at != null && at.isAfter(moment) ? at : null;
    }
}

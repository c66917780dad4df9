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
 * Plans a deletion: the turns that it leaves move to new pages, all old pages go. It takes in what
 * is left page by page, and gives new pages out as they are filled, so that it never holds more of
 * a session than some of its pages.
 */
public final class ErasurePlan {

    private final SessionHead stored;
    private final HeadDraft draft;
    private final Instant moment;
    private final TimeRange kept;
    private final boolean known;

    /** Turns that are yet to take their places among those of the pages. */
    private final WaitingTurns<Turn> waiting;

    /** The tail as it was. */
    private final List<Turn> last;

    private boolean replaced;

    /**
     * @param kept when what has not expired happened
     */
    ErasurePlan(
            SessionHead stored,
            HeadDraft draft,
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
        draft.profile = draft.profile.after(moment);
        draft.counters = Counters.NONE;
        draft.firstTurnAt = null;
        draft.lastTurnAt = null;
        draft.turns.dropPages();
        draft.turns.setTail(List.of());
    }

    /** Whether a deletion of that time, or a later one, was applied before. */
    public boolean isKnown() {
        return known;
    }

    /**
     * Takes in the turns of a page, before those of later pages.
     *
     * @param page in order; at least one
     */
    public void add(List<Turn> page) {
        waiting.with(TurnPosition.of(page.getLast()), page).forEach(this::leave);
    }

    private void leave(Turn turn) {
        if (turn.occurredAt().isAfter(moment) && kept.contains(turn.occurredAt())) {
            draft.turns.add(turn);
            draft.count(turn);
        }
    }

    /** Items of new pages that are to be written before there are more of them; mostly none. */
    public Optional<Plan> filled() {
        return draft.turns.sealed() <= SessionPlanner.MAX_PAGES
                ? Optional.empty()
                : Optional.of(draft.newPages(draft.turns.takeWholeItems()));
    }

    /** Notes that such an item took the place of one that no head ever referred to. */
    public void noteReplaced() {
        replaced = true;
    }

    /**
     * The rest, and the head, when all pages are in.
     *
     * @param event the index of the deletion
     */
    public Plan finished(int event) {
        if (known) {
            return Plan.nothing(stored, event, Outcome.DUPLICATE);
        }
        waiting.rest().forEach(this::leave);
        last.forEach(this::leave);
        Plan plan = draft.toPlan(Plan.Way.SEAL, Map.of(event, Outcome.APPLIED));
        return replaced ? plan.replacing() : plan;
    }

    private @Nullable Instant ifAfter(@Nullable Instant at) {
        return at != null && at.isAfter(moment) ? at : null;
    }
}

package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.Turn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be written for some events, and the outcome of each event.
 *
 * @param head the head after the write
 * @param pages new and changed pages
 * @param mode how the pages are written, if there are any
 * @param parts texts of large turns, which are written before the head
 * @param obsolete parts that no turn refers to after the write
 * @param lostMaxLatency whether the greatest latency must be searched for in all pages before the
 *     write
 * @param outcomes the outcomes of the events that the plan settles, by their index; other events
 *     need another plan
 */
public record Plan(
        SessionHead head,
        Map<PageKey, TurnPage> pages,
        WriteMode mode,
        List<TextPart> parts,
        List<Turn.Parts> obsolete,
        boolean lostMaxLatency,
        Map<Integer, Outcome> outcomes) {

    /** How pages are written in relation to the head. */
    public enum WriteMode {
        /** Turns are sealed into new pages, or into the newest one, before the head is written. */
        SEAL,
        /**
         * One page to which waiting turns are moved is written before the head without these turns.
         */
        MOVE,
        /** All other changes of pages are written in one transaction with the head. */
        AMEND
    }

    public Plan {
        pages = new LinkedHashMap<>(pages);
        parts = List.copyOf(parts);
        obsolete = List.copyOf(obsolete);
        outcomes = Map.copyOf(outcomes);
    }

    /** Creates the plan for an event that changes nothing. */
    static Plan nothing(SessionHead head, int event, Outcome outcome) {
        return new Plan(
                head,
                Map.of(),
                WriteMode.SEAL,
                List.of(),
                List.of(),
                false,
                Map.of(event, outcome));
    }

    /** Returns whether there is anything to write. */
    public boolean changes() {
        return outcomes.containsValue(Outcome.APPLIED);
    }

    /** Returns whether the plan settles any event. */
    public boolean settlesAny() {
        return !outcomes.isEmpty();
    }

    public Plan with(Counters counters) {
        return new Plan(head.with(counters), pages, mode, parts, obsolete, false, outcomes);
    }

    public Plan with(FormerStarts moves) {
        return new Plan(head.with(moves), pages, mode, parts, obsolete, lostMaxLatency, outcomes);
    }
}

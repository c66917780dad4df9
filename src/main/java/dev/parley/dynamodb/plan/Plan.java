package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is to be written for some events, and the outcome of each event.
 *
 * @param head the head after the write
 * @param pages new and changed pages
 * @param vacant pages whose numbers are left out. Whatever a crashed writer has left in their place
 *     must be removed, because the head will refer to it
 * @param mode how the pages are written, if there are any
 * @param lostMaxLatency whether the greatest latency must be searched for in all pages before the
 *     write
 * @param outcomes the outcomes of the events that the plan settles, by their index; other events
 *     need another plan
 */
public record Plan(
        SessionHead head,
        Map<PageKey, TurnPage> pages,
        Set<PageKey> vacant,
        WriteMode mode,
        boolean lostMaxLatency,
        Map<Integer, Outcome> outcomes) {

    /** How pages are written in relation to the head. */
    public enum WriteMode {
        /** New pages are written before the head that first refers to them. */
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
        vacant = Set.copyOf(vacant);
        outcomes = Map.copyOf(outcomes);
    }

    /** Creates the plan for an event that changes nothing. */
    static Plan nothing(SessionHead head, int event, Outcome outcome) {
        return new Plan(head, Map.of(), Set.of(), WriteMode.SEAL, false, Map.of(event, outcome));
    }

    /** Returns whether there is anything to write. */
    public boolean changes() {
        return outcomes.containsValue(Outcome.APPLIED);
    }

    /** Returns whether the plan settles any event. */
    public boolean settlesAny() {
        return !outcomes.isEmpty();
    }

    /**
     * Returns this plan for the case that new pages have replaced others that no head ever referred
     * to. The pages count as amended, so that no reader accepts the replaced ones from a replica
     * that still has them.
     */
    public Plan replacing() {
        return new Plan(
                head.with(head.version(), head.pages().amended(head.version())),
                pages,
                vacant,
                mode,
                lostMaxLatency,
                outcomes);
    }

    public Plan with(Counters counters) {
        return new Plan(head.with(counters), pages, vacant, mode, false, outcomes);
    }

    public Plan with(FormerStarts moves) {
        return new Plan(head.with(moves), pages, vacant, mode, lostMaxLatency, outcomes);
    }
}

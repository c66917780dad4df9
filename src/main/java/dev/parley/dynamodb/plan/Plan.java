package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StartMoves;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is to be written for some events, and what becomes of each.
 *
 * @param head as it will be
 * @param pages new ones and changed ones
 * @param vacant pages whose numbers are left out: what someone who died may have left in their
 *     place must go, since the head will refer to it
 * @param way how pages are written, if there are any
 * @param lostMaxLatency whether the greatest latency must be looked for in all pages before
 * @param outcomes of the events that it settles, by their index; others are left for another plan
 */
public record Plan(
        SessionHead head,
        Map<PageKey, TurnPage> pages,
        Set<PageKey> vacant,
        Way way,
        boolean lostMaxLatency,
        Map<Integer, Outcome> outcomes) {

    /** How pages are written with the head. */
    public enum Way {
        /** New pages, before the head that first refers to them. */
        SEAL,
        /** One page that takes over turns of the head, before the head that no longer has them. */
        MOVE,
        /** Pages that change otherwise, in one transaction with the head. */
        AMEND
    }

    public Plan {
        pages = new LinkedHashMap<>(pages);
        vacant = Set.copyOf(vacant);
        outcomes = Map.copyOf(outcomes);
    }

    /** Of an event that changes nothing. */
    static Plan nothing(SessionHead head, int event, Outcome outcome) {
        return new Plan(head, Map.of(), Set.of(), Way.SEAL, false, Map.of(event, outcome));
    }

    /** Whether there is anything to write. */
    public boolean changes() {
        return outcomes.containsValue(Outcome.APPLIED);
    }

    /** Whether it settles any event. */
    public boolean settlesAny() {
        return !outcomes.isEmpty();
    }

    /**
     * The same where new pages came in the place of others that no head ever referred to: as if the
     * pages had been amended, so that no reader takes those from a replica that still has them.
     */
    public Plan replacing() {
        return new Plan(
                head.with(head.version(), head.pages().amended(head.version())),
                pages,
                vacant,
                way,
                lostMaxLatency,
                outcomes);
    }

    public Plan with(Counters counters) {
        return new Plan(head.with(counters), pages, vacant, way, false, outcomes);
    }

    public Plan with(StartMoves moves) {
        return new Plan(head.with(moves), pages, vacant, way, lostMaxLatency, outcomes);
    }
}

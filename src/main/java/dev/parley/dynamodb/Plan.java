package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written for some events, and what becomes of each.
 *
 * @param head as it will be
 * @param pages new ones and changed ones
 * @param vacant pages whose numbers are left out: what someone who died may have left in their
 *     place must go, since the head will refer to it
 * @param way how pages are written, if there are any
 * @param lostMaxLatency whether the greatest latency must be looked for in all pages before
 * @param outcomes one per event, in their order; null for an event that is left for another plan
 */
record Plan(
        SessionHead head,
        Map<PageKey, TurnPage> pages,
        Set<PageKey> vacant,
        Way way,
        boolean lostMaxLatency,
        List<@Nullable Outcome> outcomes) {

    /** How pages are written with the head. */
    enum Way {
        /** New pages, before the head that first refers to them. */
        SEAL,
        /** One page that takes over turns of the head, before the head that no longer has them. */
        MOVE,
        /** Pages that change otherwise, in one transaction with the head. */
        AMEND
    }

    Plan {
        pages = new LinkedHashMap<>(pages);
        vacant = Set.copyOf(vacant);
    }

    /** Of an event that changes nothing. */
    static Plan nothing(SessionHead head, Outcome outcome) {
        return new Plan(head, Map.of(), Set.of(), Way.SEAL, false, List.of(outcome));
    }

    /** Whether there is anything to write. */
    boolean changes() {
        return outcomes.contains(Outcome.APPLIED);
    }

    /** Whether it settles any event. */
    boolean settlesAny() {
        return outcomes.stream().anyMatch(outcome -> outcome != null);
    }

    /**
     * The same where new pages came in the place of others that no head ever referred to: as if the
     * pages had been amended, so that no reader takes those from a replica that still has them.
     */
    Plan replacing() {
        return new Plan(
                head.with(head.version(), head.pages().amended(head.version())),
                pages,
                vacant,
                way,
                lostMaxLatency,
                outcomes);
    }

    Plan with(Counters counters) {
        return new Plan(head.with(counters), pages, vacant, way, false, outcomes);
    }

    Plan with(StartMoves moves) {
        return new Plan(head.with(moves), pages, vacant, way, lostMaxLatency, outcomes);
    }
}

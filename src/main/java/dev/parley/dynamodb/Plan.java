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
 * @param together whether pages that the head refers to already change: then all is written in one
 *     transaction. New pages are written before the head that first refers to them
 * @param lostMaxLatency whether the greatest latency must be looked for in all pages before
 * @param outcomes one per event, in their order; null for an event that is left for another plan
 */
record Plan(
        SessionHead head,
        Map<PageKey, TurnPage> pages,
        Set<PageKey> vacant,
        boolean together,
        boolean lostMaxLatency,
        List<@Nullable Outcome> outcomes) {

    Plan {
        pages = new LinkedHashMap<>(pages);
        vacant = Set.copyOf(vacant);
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
                together,
                lostMaxLatency,
                outcomes);
    }

    Plan with(Counters counters) {
        return new Plan(head.with(counters), pages, vacant, together, false, outcomes);
    }

    Plan with(StartMoves moves) {
        return new Plan(head.with(moves), pages, vacant, together, lostMaxLatency, outcomes);
    }
}

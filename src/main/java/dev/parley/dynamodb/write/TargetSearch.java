package dev.parley.dynamodb.write;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Searches for the pages of a session that late turns and revisions change. */
final class TargetSearch {

    private final String sessionId;
    private final PageStore pages;
    private final SessionPlanner planner;

    TargetSearch(String sessionId, PageStore pages, SessionPlanner planner) {
        this.sessionId = sessionId;
        this.pages = pages;
        this.planner = planner;
    }

    /**
     * Searches for a turn in the page that its time indicates, then by its id in all pages. A
     * waiting turn belongs to the position of the copy that was stored first.
     *
     * @param kept the times of turns that have not expired
     * @return the page that contains the turn, or that it belongs to; empty if it belongs after all
     *     pages
     */
    Uni<Optional<TargetPage>> pageOf(SessionHead head, Turn turn, TimeRange kept) {
        Optional<TurnPosition> waiting =
                head.waiting()
                        .positionOf(turn.identity())
                        .filter(position -> kept.contains(position.at()));
        TurnPosition position = waiting.orElse(TurnPosition.of(turn));
        Uni<Optional<TargetPage>> byTime =
                head.mayHaveInPage(position)
                        ? pages.locate(sessionId, head, position)
                        : Uni.createFrom().item(Optional.empty());
        return byTime.chain(
                target -> {
                    boolean known =
                            waiting.isPresent()
                                    || target.filter(page -> page.contains(turn.identity()))
                                            .isPresent();
                    return known || !head.mayBeInOtherPage(turn)
                            ? Uni.createFrom().item(target)
                            : pageById(head, turn.identity()).map(byId -> byId.or(() -> target));
                });
    }

    private Uni<Optional<TargetPage>> pageById(SessionHead head, Turn.Identity turn) {
        return pages.find(sessionId, head, turn)
                .chain(
                        found ->
                                found.map(at -> pages.locate(sessionId, head, at))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    /**
     * Returns the page of the waiting turns that are to be moved; empty if there are none.
     *
     * @param target a page that is known already, and is returned if it is the same one
     */
    Uni<Optional<TargetPage>> pageToMoveTo(SessionHead head, TargetPage target) {
        return planner.positionToMove(head)
                .map(
                        position ->
                                target.covers(position)
                                        ? Uni.createFrom().item(Optional.of(target))
                                        : pages.locate(sessionId, head, position))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }
}

package dev.parley.dynamodb.layout;

import dev.parley.session.Json;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import dev.parley.session.Stamped;
import dev.parley.session.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A head that readers may see. It has content that has not expired, whether or not DynamoDB has
 * deleted the item yet.
 *
 * @param kept the range of times at which turns happened that are neither expired nor deleted. If a
 *     deletion takes more than one write, the first write already hides all that it deletes
 */
public record VisibleHead(
        String sessionId, SessionHead head, Session.Status status, Instant asOf, TimeRange kept) {

    /**
     * Returns the visible head; empty if there is no item, if the session was deleted, and if it
     * has expired.
     */
    public static Optional<VisibleHead> of(
            String sessionId, Map<String, AttributeValue> item, Retention retention, Instant now) {
        SessionHead head = HeadItems.toHead(item);
        return Optional.ofNullable(head.asOf())
                .filter(asOf -> !retention.hasExpired(asOf, now))
                .map(
                        asOf ->
                                new VisibleHead(
                                        sessionId,
                                        head,
                                        head.status(retention.skew()),
                                        asOf,
                                        kept(head, retention, now)));
    }

    private static TimeRange kept(SessionHead head, Retention retention, Instant now) {
        TimeRange kept = retention.kept(now);
        Instant deletedAt = head.deletedAt();
        return deletedAt == null ? kept : kept.notBefore(deletedAt.plusNanos(1));
    }

    public @Nullable String userId() {
        return value(head.profile().userId());
    }

    public @Nullable String channel() {
        return value(head.profile().channel());
    }

    public Instant startedAt() {
        return head.startedAt().orElse(asOf);
    }

    /**
     * Returns this head with the item of its profile, if it needs one; empty if that item does not
     * belong to this head.
     *
     * @param item the item that was read; empty if there is none
     */
    public Optional<VisibleHead> with(Optional<ProfileItem.Known> item) {
        boolean matches =
                !(head.profileItem() instanceof ProfileItem.Unread unread)
                        || item.filter(known -> known.version() == unread.version()).isPresent();
        return matches ? Optional.of(withItem(item)) : Optional.empty();
    }

    /** Returns this head without the item of its profile, which has expired. */
    public VisibleHead withoutProfileItem() {
        return withItem(Optional.empty());
    }

    private VisibleHead withItem(Optional<ProfileItem.Known> item) {
        return new VisibleHead(sessionId, head.with(item), status, asOf, kept);
    }

    /** Returns whether the head alone contains the last turns, or all turns if there are fewer. */
    public boolean contains(int turns) {
        return turns == 0
                || (hasAllTexts()
                        && (head.pages().isEmpty()
                                || (head.waiting().isEmpty() && head.tail().size() >= turns)));
    }

    /** Returns whether the turns of the tail are there with their texts. */
    private boolean hasAllTexts() {
        return head.parts().isEmpty()
                || head.tail().entries().stream().allMatch(turn -> turn.parts() == null);
    }

    /**
     * Returns the session with its last turns, which the head must contain.
     *
     * @param turns the maximum number of turns
     */
    public Session session(int turns) {
        List<Json> all = turns == 0 ? List.of() : head.tail().within(kept);
        return session(all.subList(Math.max(0, all.size() - turns), all.size()));
    }

    /** Returns the session without turns. The tail is not inflated. */
    public Session withoutTurns() {
        return session(List.of());
    }

    /** Returns the session with these turns. Its whole profile must be known. */
    public Session session(List<Json> recentTurns) {
        Profile profile = head.wholeProfile();
        return new Session(
                sessionId,
                userId(),
                channel(),
                status,
                startedAt(),
                head.lastActivityAt().orElse(asOf),
                asOf,
                head.counters(),
                Session.values(profile.attributes()),
                Session.values(profile.userData()),
                head.version(),
                recentTurns);
    }

    private static @Nullable String value(@Nullable Stamped<String> stamped) {
        return stamped == null ? null : stamped.value();
    }
}

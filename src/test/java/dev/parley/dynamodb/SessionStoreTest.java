package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.EventBuilder.text;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.DUPLICATE;
import static dev.parley.session.Outcome.IGNORED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.json.Turns;
import dev.parley.session.Counters;
import dev.parley.session.Latency;
import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import dev.parley.session.Usage;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the writer and the reader together on DynamoDB Local. Each test uses its own session. */
class SessionStoreTest {

    @RegisterExtension static final LocalTable table = LocalTable.create();

    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void session_afterTurn_isStored() {
        SessionEvent turn =
                event(id)
                        .role(Role.ASSISTANT)
                        .userId("u-9")
                        .channel("web")
                        .usage(812, 64)
                        .latencyMs(930)
                        .attribute("locale", "en-GB")
                        .userData("tier", "gold")
                        .turn("t-1", "It ships tomorrow.");

        Outcome outcome = table.apply(turn);

        assertThat(outcome).isEqualTo(APPLIED);
        Session session = table.get(id);
        assertThat(session.userId()).isEqualTo("u-9");
        assertThat(session.channel()).isEqualTo("web");
        assertThat(session.status()).isEqualTo(Session.Status.OPEN);
        assertThat(session.counters())
                .isEqualTo(
                        new Counters(
                                Map.of(Role.ASSISTANT, 1L),
                                new Usage(812, 64),
                                Latency.NONE.plus(930),
                                0));
        assertThat(session.attributes()).isEqualTo(Map.of("locale", text("en-GB")));
        assertThat(session.userData()).isEqualTo(Map.of("tier", text("gold")));
        assertThat(Turns.read(session.recentTurns()))
                .extracting(Turn::content)
                .containsExactly(text("It ships tomorrow."));
        assertThat(session.version()).isEqualTo(1);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void latencies_ofSession_areStoredByBucket() {
        long[] latencies = {0, 10, 930, 1_280, 81_921};
        Latency expected = Latency.NONE;
        for (long ms : latencies) {
            table.apply(event(id).latencyMs(ms).turn("t-" + ms, "hi"));
            expected = expected.plus(ms);
        }

        assertThat(table.get(id).counters().latency()).isEqualTo(expected);
        byte[] fiveTurnsOfTheUser = {2, 5};
        byte[] sum84141Max81921 = {
            13, (byte) 0xad, (byte) 0x91, 5, 14, (byte) 0x81, (byte) 0x80, 5
        };
        byte[] buckets0And7And14 = {16, 2, 23, 2, 30, 1};
        assertThat(requireNonNull(table.item(id).get(SessionTable.COUNTERS)).b().asByteArray())
                .isEqualTo(concat(fiveTurnsOfTheUser, sum84141Max81921, buckets0And7And14));
    }

    @Test
    void turn_deliveredAgain_changesNothing() {
        SessionEvent turn = event(id).usage(1, 2).attribute("a", "b").turn("t-1", "hi");
        table.apply(turn);
        Map<String, AttributeValue> stored = table.item(id);

        Outcome again = table.apply(turn);

        assertThat(again).isEqualTo(DUPLICATE);
        assertThat(table.item(id)).isEqualTo(stored);
    }

    @Test
    void turn_twiceInOneBatch_isStoredOnce() {
        SessionEvent turn = event(id).turn("t-1", "hi");

        List<Outcome> outcomes = table.apply(id, turn, turn);

        assertThat(outcomes).containsExactly(APPLIED, DUPLICATE);
        assertThat(table.get(id).counters().turns()).isEqualTo(1);
    }

    @Test
    void turn_withHigherRevision_replacesLowerRevision() {
        table.apply(event(id).usage(10, 10).latencyMs(900).error().turn("t-1", "draft"));

        Outcome outcome =
                table.apply(event(id).revision(2).usage(20, 5).latencyMs(400).turn("t-1", "final"));

        assertThat(outcome).isEqualTo(APPLIED);
        Session session = table.get(id);
        assertThat(Turns.read(session.recentTurns()))
                .extracting(Turn::content)
                .containsExactly(text("final"));
        assertThat(session.counters())
                .isEqualTo(
                        new Counters(
                                Map.of(Role.USER, 1L),
                                new Usage(20, 5),
                                Latency.NONE.plus(400),
                                0));
    }

    @Test
    void turn_withSameRevisionAndOtherContent_isDuplicate() {
        table.apply(event(id).revision(1).turn("t-1", "first"));

        Outcome outcome = table.apply(event(id).revision(1).turn("t-1", "second"));

        assertThat(outcome).isEqualTo(DUPLICATE);
        assertThat(Turns.read(table.get(id).recentTurns()))
                .extracting(Turn::content)
                .containsExactly(text("first"));
    }

    @Test
    void turn_withLowerRevision_isDuplicateButItsAttributesAreApplied() {
        table.apply(event(id).revision(1).turn("t-1", "final"));

        Outcome without = table.apply(event(id).turn("t-1", "draft"));
        Outcome with = table.apply(event(id).attribute("locale", "en").turn("t-1", "draft"));

        assertThat(without).isEqualTo(DUPLICATE);
        assertThat(with).isEqualTo(APPLIED);
        Session session = table.get(id);
        assertThat(Turns.read(session.recentTurns()))
                .extracting(Turn::content)
                .containsExactly(text("final"));
        assertThat(session.attributes()).isEqualTo(Map.of("locale", text("en")));
    }

    @Test
    void turn_arrivingOutOfOrder_isStoredAtItsPosition() {
        table.apply(
                id, event(id).at(10).turn("t-2", "second"), event(id).at(20).turn("t-3", "third"));

        table.apply(event(id).at(0).turn("t-1", "first"));

        Session session = table.get(id);
        assertThat(Turns.read(session.recentTurns()))
                .extracting(Turn::id)
                .containsExactly("t-1", "t-2", "t-3");
        assertThat(session.startedAt()).isEqualTo(START);
        assertThat(session.duration()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void attributes_clearedBeforeOlderAttributeArrives_stayCleared() {
        table.apply(event(id).at(0).attribute("email", "a").turn("t-1", "hi"));
        table.apply(event(id).at(20).clears().updated());
        table.apply(event(id).at(30).attribute("topic", "b").updated());

        table.apply(event(id).at(10).attribute("name", "late").updated());

        assertThat(table.get(id).attributes()).isEqualTo(Map.of("topic", text("b")));
    }

    @Test
    void session_afterItsEnd_staysEndedUntilTurnBeyondSkew() {
        Instant end = START.plusSeconds(60);
        Duration skew = LocalTable.RETENTION.skew();
        table.apply(id, event(id).turn("t-1", "hi"), event(id).at(end).ended());
        Session.Status afterEnd = table.get(id).status();
        table.apply(event(id).at(30).turn("t-2", "late, but before the end"));
        Session.Status afterLateTurn = table.get(id).status();
        table.apply(event(id).at(end.plus(skew)).turn("t-3", "bye, by another clock"));
        Session.Status afterSkew = table.get(id).status();

        table.apply(event(id).at(end.plus(skew).plusMillis(1)).turn("t-4", "and yet"));

        assertThat(List.of(afterEnd, afterLateTurn, afterSkew, table.get(id).status()))
                .containsExactly(
                        Session.Status.ENDED,
                        Session.Status.ENDED,
                        Session.Status.ENDED,
                        Session.Status.OPEN);
    }

    /** Some platforms send the end from another machine than the bot's last turn. */
    @Test
    void end_slightlyBeforeLastTurn_endsSessionInEitherOrderOfArrival() {
        String other = id + "-other";
        table.apply(event(id).at(START.plusMillis(20)).turn("t-1", "bye"));
        table.apply(event(id).ended());
        table.apply(event(other).ended());
        table.apply(event(other).at(START.plusMillis(20)).turn("t-1", "bye"));

        assertThat(List.of(table.get(id).status(), table.get(other).status()))
                .containsOnly(Session.Status.ENDED);
    }

    @Test
    void session_afterItsDeletion_staysDeleted() {
        SessionEvent turn =
                event(id).userId("u-" + id).attribute("a", "b").turn("t-1", "forget me");
        table.apply(turn);

        Outcome deletion = table.apply(event(id).at(5).deleted());
        Outcome replayed = table.apply(turn);
        Outcome deletedAgain = table.apply(event(id).at(5).deleted());

        assertThat(List.of(deletion, replayed, deletedAgain))
                .containsExactly(APPLIED, IGNORED, DUPLICATE);
        assertThat(table.find(id)).isEmpty();
        assertThat(table.item(id))
                .containsOnlyKeys(
                        SessionTable.SESSION_ID,
                        SessionTable.VERSION,
                        SessionTable.FORMAT,
                        SessionTable.DELETED_AT,
                        SessionTable.REMEMBERED_UNTIL,
                        SessionTable.EXPIRES_AT);
        assertThat(table.sessionsIn(SessionTable.BY_USER, SessionTable.USER_ID, "u-" + id))
                .isEmpty();
    }

    @Test
    void turn_laterThanDeletion_isKept() {
        table.apply(
                id,
                event(id).at(0).usage(1, 1).attribute("old", "x").turn("t-1", "before"),
                event(id).at(10).usage(2, 2).attribute("new", "y").turn("t-2", "after"));

        table.apply(event(id).at(5).deleted());

        Session session = table.get(id);
        assertThat(Turns.read(session.recentTurns())).extracting(Turn::id).containsExactly("t-2");
        assertThat(session.counters().usage()).isEqualTo(new Usage(2, 2));
        assertThat(session.attributes()).isEqualTo(Map.of("new", text("y")));
        assertThat(session.startedAt()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void event_olderThanRetention_isIgnored() {
        Instant old = LocalTable.NOW.minus(LocalTable.RETENTION.events());

        Outcome outcome = table.apply(event(id).at(old).turn("t-1", "ancient"));

        assertThat(outcome).isEqualTo(IGNORED);
        assertThat(table.item(id)).isEmpty();
    }

    @Test
    void expiredSession_whoseItemStillExists_isNotFound() {
        table.apply(event(id).turn("t-1", "hi"));
        Instant expiry = START.plus(LocalTable.RETENTION.events());

        assertThat(table.find(expiry.minusMillis(1), id)).isPresent();
        assertThat(table.find(expiry, id)).isEmpty();
        assertThat(table.item(id))
                .containsEntry(
                        SessionTable.EXPIRES_AT,
                        Attributes.expiry(expiry.plus(Retention.REMOVAL_DELAY)));
    }

    @Test
    void turn_ofExpiredSession_startsNewLifeWithHigherVersion() {
        table.apply(id, event(id).attribute("a", "b").turn("t-1", "old"));
        Instant later = LocalTable.NOW.plus(Duration.ofDays(100));

        table.apply(later, id, event(id).at(later).turn("t-2", "new"));

        Session session = table.find(later, id).orElseThrow();
        assertThat(session.counters().turns()).isEqualTo(1);
        assertThat(session.attributes()).isEmpty();
        assertThat(session.version()).isEqualTo(2);
    }

    @Test
    void itemAttribute_unknownToParley_isKept() {
        table.apply(event(id).turn("t-1", "hi"));
        table.setAttribute(id, "labelledBy", AttributeValue.fromS("someone else"));

        table.apply(event(id).at(1).turn("t-2", "ho"));

        assertThat(table.item(id))
                .containsEntry("labelledBy", AttributeValue.fromS("someone else"));
        assertThat(table.get(id).counters().turns()).isEqualTo(2);
    }

    @Test
    void item_ofSession_containsNoNull() {
        table.apply(event(id).turn("t-1", "hi"));

        assertThat(table.item(id).values()).noneMatch(value -> value.nul() != null);
    }

    @Test
    void turn_with900KilobytesOfText_isReadUnchanged() {
        String large = new Prose(1).text(900_000);

        Outcome outcome = table.apply(event(id).at(0).turn("t-1", large));
        table.apply(event(id).at(1).turn("t-2", "small"));

        assertThat(outcome).isEqualTo(APPLIED);
        assertThat(Turns.read(table.get(id).recentTurns()))
                .extracting(Turn::id)
                .containsExactly("t-1", "t-2");
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 10))
                .extracting(Turn::content)
                .containsExactly(text(large), text("small"));
    }

    @Test
    void attributes_overMaximumSize_areRejectedWithTheirEvent() {
        table.apply(event(id).attribute("a", "b").turn("t-1", "hi"));

        Outcome outcome =
                table.apply(
                        event(id)
                                .at(1)
                                .attribute("big", "x".repeat(LocalTable.MAX_PROFILE_BYTES))
                                .turn("t-2", "ho"));

        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        assertThat(table.get(id).attributes()).containsOnlyKeys("a");
        assertThat(table.get(id).counters().turns()).isEqualTo(1);
    }

    @Test
    void indexes_ofSession_containUserAndDay() {
        table.apply(event(id).userId("u-" + id).turn("t-1", "hi"));

        String day = SessionTable.dayShard(id, START, 4);
        assertThat(day).startsWith("2026-11-22#");
        assertThat(table.sessionsIn(SessionTable.BY_USER, SessionTable.USER_ID, "u-" + id))
                .containsExactly(id);
        assertThat(table.sessionsIn(SessionTable.BY_DAY, SessionTable.DAY_SHARD, day)).contains(id);
    }

    @Test
    void writers_runningConcurrently_loseNothing() {
        List<Uni<List<Outcome>>> writes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            SessionEvent turn = event(id).at(i).usage(1, 1).turn("t-" + i, "hi");
            writes.add(table.writer(LocalTable.NOW).apply(id, List.of(turn)));
        }

        List<List<Outcome>> outcomes =
                Uni.join().all(writes).andCollectFailures().await().atMost(TIMEOUT);

        assertThat(outcomes.stream().flatMap(Collection::stream)).containsOnly(APPLIED);
        assertThat(table.get(id).counters().turns()).isEqualTo(12);
        assertThat(table.get(id).counters().usage()).isEqualTo(new Usage(12, 12));
        assertThat(table.get(id).version()).isEqualTo(12);
    }

    @Test
    void turn_withUnchangedProfile_writesNoIndex() {
        table.apply(event(id).at(0).userId("u-" + id).turn("t-0", "hi"));
        double before = table.consumed("UpdateItem");

        table.apply(event(id).at(1).userId("u-" + id).turn("t-1", "hi"));

        // A small item costs one unit. Each index that is written would cost another unit.
        assertThat(table.consumed("UpdateItem") - before).isEqualTo(1);
    }
}

package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.EventBuilder;
import dev.parley.session.FollowStart;
import dev.parley.session.Outcome;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionQuery;
import dev.parley.session.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests sessions whose attributes and user data are too large for the head. */
@Tag("slow")
class LargeProfilesIT {

    /** After so many turns, large data are in an item of their own. */
    private static final int TURNS = 4;

    private static LocalTable table;

    private String id = "";

    @BeforeAll
    static void create() {
        table = LocalTable.create();
    }

    @AfterAll
    static void drop() {
        table.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        id = "s-" + test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    }

    @Test
    void values_areReadWithTheSession() {
        applyLargeData();

        Session session = table.get(id);

        assertThat(isInItem()).isTrue();
        assertThat(session.attributes()).hasSize(10).containsKeys("k0", "k9");
        assertThat(session.userData()).containsOnlyKeys("plan");
        assertThat(session.counters().turns()).isEqualTo(TURNS);
    }

    @Test
    void values_areInListsOfSessions() {
        applyLargeData();

        Session found = table.get(id);
        assertThat(listed())
                .singleElement()
                .satisfies(
                        listed -> {
                            assertThat(listed.attributes()).isEqualTo(found.attributes());
                            assertThat(listed.userData()).isEqualTo(found.userData());
                        });
    }

    /** 60 sessions with 200 KB each are listed in two parts, although their number is not large. */
    @Test
    void listOfLargeProfiles_endsEarly() {
        for (int i = 0; i < 60; i++) {
            table.apply(
                    event(id + i)
                            .at(i)
                            .userId("u-" + id)
                            .attribute("large", "x".repeat(200_000))
                            .turn("t", "hi"));
        }
        SessionQuery query = SessionQuery.started(TimeRange.ALL).of("u-" + id);

        ResultPage<Session> first = list(query);
        ResultPage<Session> second = list(query.from(first.next().orElseThrow()));
        ResultPage<Session> withoutData = list(query.withoutData());

        assertThat(first.items()).hasSizeBetween(40, 59);
        assertThat(second.items()).hasSize(60 - first.items().size());
        assertThat(Stream.of(first, second).flatMap(part -> part.items().stream()))
                .allMatch(session -> session.attributes().containsKey("large"))
                .extracting(Session::id)
                .doesNotHaveDuplicates();
        assertThat(withoutData.items()).hasSize(60);
    }

    private static ResultPage<Session> list(SessionQuery query) {
        return table.reader(LocalTable.NOW).list(query).await().atMost(TIMEOUT);
    }

    private List<Session> listed() {
        return list(SessionQuery.started(TimeRange.ALL).of("u-" + id)).items();
    }

    @Test
    void values_areInTheEventsOfAStream() {
        applyLargeData();

        SessionChange change =
                table.reader(LocalTable.NOW)
                        .follow(id, new FollowStart.Recent())
                        .await()
                        .atMost(TIMEOUT)
                        .orElseThrow()
                        .select()
                        .first(TURNS + 1)
                        .collect()
                        .last()
                        .await()
                        .atMost(TIMEOUT);

        assertThat(change)
                .isInstanceOfSatisfying(
                        SessionChanged.class,
                        changed -> assertThat(changed.session().attributes()).hasSize(10));
    }

    /** A changed value is in the head, and the item keeps the others. */
    @Test
    void changedValues_leaveTheItemAsItIs() {
        applyLargeData();
        Map<String, ?> before = item();

        table.apply(
                id, event(id).at(100).attribute("k3", "changed").attribute("new", "n").updated());

        assertThat(item()).isEqualTo(before);
        assertThat(table.get(id).attributes())
                .hasSize(11)
                .containsKeys("new")
                .containsEntry("k3", EventBuilder.text("changed"));
    }

    /** The item has the later value, so the event changes nothing. */
    @Test
    void earlierValue_thatArrivesLate_changesNothing() {
        applyLargeData();
        long version = table.get(id).version();

        Outcome outcome = table.apply(event(id).at(-50).userData("plan", "old").updated());

        assertThat(outcome).isEqualTo(Outcome.DUPLICATE);
        assertThat(table.get(id).version()).isEqualTo(version);
        assertThat(table.get(id).userData()).containsEntry("plan", EventBuilder.text("gold"));
    }

    @Test
    void clearedAttributes_areInNoItem() {
        applyLargeData();

        table.apply(event(id).at(100).clears().updated());

        assertThat(table.get(id).attributes()).isEmpty();
        assertThat(table.get(id).userData()).containsOnlyKeys("plan");
        assertThat(item()).doesNotContainKey(SessionTable.ATTRIBUTES);
        assertThat(isInItem()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void removedValue_isInNoItem(boolean inUserData) {
        applyLargeData();
        EventBuilder removal = event(id).at(100);

        table.apply(
                inUserData
                        ? removal.userData("plan", null).updated()
                        : removal.attribute("k3", null).updated());

        String item = item().toString();
        assertThat(item.contains("gold")).isNotEqualTo(inUserData);
        assertThat(item.contains(value(3))).isEqualTo(inUserData);
        assertThat(table.get(id).attributes()).hasSize(inUserData ? 10 : 9);
    }

    /** DynamoDB has deleted the head of the former life, but not its profile. */
    @Test
    void deletion_erasesTheProfileOfAFormerLife() {
        applyLargeData();
        table.remove(id);
        table.apply(event(id).at(100).turn("t-new", "hi"));
        assertThat(item()).containsKey(SessionTable.ATTRIBUTES);

        table.apply(event(id).at(200).deleted());

        assertThat(table.keysWithContent(id)).isEmpty();
    }

    @Test
    void deletion_erasesTheItem() {
        applyLargeData();

        table.apply(event(id).at(1_000).deleted());

        assertThat(table.find(id)).isEmpty();
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /** Some values were changed after the deletion's moment. Their earlier values are erased. */
    @Test
    void deletion_keepsLaterValuesOnly() {
        applyLargeData();
        table.apply(event(id).at(100).attribute("k3", "later").turn("t-later", "hi"));

        table.apply(event(id).at(50).deleted());

        assertThat(table.get(id).attributes())
                .containsOnly(Map.entry("k3", EventBuilder.text("later")));
        assertThat(table.get(id).userData()).isEmpty();
        assertThat(item()).doesNotContainKey(SessionTable.ATTRIBUTES);
    }

    /** All values were changed after the deletion's moment. The item still has the former ones. */
    @Test
    void deletion_erasesFormerValues() {
        applyLargeData();
        EventBuilder later = event(id).at(100).userData("plan", "new");
        for (int i = 0; i < 10; i++) {
            later.attribute("k" + i, "new");
        }
        table.apply(later.updated());
        assertThat(item()).containsKey(SessionTable.ATTRIBUTES);

        table.apply(event(id).at(50).deleted());

        assertThat(table.get(id).attributes()).hasSize(10);
        assertThat(item()).doesNotContainKey(SessionTable.ATTRIBUTES);
    }

    /** A writer that crashes at any request leaves a session that the next one completes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void writerThatCrashes_leavesAllValuesToTheNext(int requests) {
        applyLargeData();
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            events.add(large(event(id).at(100 + i), "k" + i, i).turn("after-" + i, "hi"));
        }
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfter(requests);
        Throwable crash =
                catchThrowable(
                        () ->
                                events.forEach(
                                        each ->
                                                crashing.apply(id, List.of(each))
                                                        .await()
                                                        .atMost(TIMEOUT)));
        assertThat(RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();

        events.forEach(each -> table.apply(id, each));

        assertThat(table.get(id).attributes())
                .hasSize(10)
                .containsEntry("k7", EventBuilder.text(value(7)));
        assertThat(table.get(id).counters().turns()).isEqualTo(TURNS + 8);
    }

    /** Two writers with outdated heads change the data in turn. */
    @Test
    void twoWriters_changeTheDataInTurn() {
        DynamoDbSessionWriter one = table.writer(LocalTable.NOW);
        DynamoDbSessionWriter other = table.writer(LocalTable.NOW);
        for (int i = 0; i < 20; i++) {
            DynamoDbSessionWriter writer = i % 3 == 0 ? one : other;
            SessionEvent event = large(event(id).at(i), "k" + i % 7, i).turn("t-" + i, "hi");
            assertThat(writer.apply(id, List.of(event)).await().atMost(TIMEOUT))
                    .containsExactly(APPLIED);
        }

        assertThat(table.get(id).attributes())
                .hasSize(7)
                .containsEntry("k5", EventBuilder.text(value(19)));
        assertThat(table.get(id).counters().turns()).isEqualTo(20);
    }

    /** A session without turns starts with its first value, which may be in the item. */
    @Test
    void session_withoutTurns_startsWithItsFirstValue() {
        for (int i = 0; i < 8; i++) {
            table.apply(large(event(id).at(i), "k" + i, i).userId("u-" + id).updated());
        }
        assertThat(isInItem()).isTrue();

        table.apply(event(id).at(50).attribute("k7", "later").updated());

        assertThat(table.get(id).startedAt()).isEqualTo(EventBuilder.START);
        assertThat(listed()).hasSize(1);
    }

    @Test
    void newLife_hasNoValueOfTheFormerOne() {
        applyLargeData();
        var later = LocalTable.NOW.plus(LocalTable.RETENTION.events()).plusSeconds(1);

        table.apply(later, id, event(id).at(later.minusSeconds(1)).turn("t-new", "hi"));

        assertThat(item()).doesNotContainKey(SessionTable.ATTRIBUTES);
    }

    /** For example, an update of all instances is undone. */
    @Test
    void writerOfTheFirstFormat_storesAllValuesInTheHead() {
        applyLargeData();

        table.writer(Format.FIRST)
                .apply(id, List.of(event(id).at(50).turn("t-first", "hi")))
                .await()
                .atMost(TIMEOUT);

        assertThat(isInItem()).isFalse();
        assertThat(item()).doesNotContainKey(SessionTable.ATTRIBUTES);
        assertThat(table.get(id).attributes()).hasSize(10);
    }

    /** The item is kept longer, too, if the session goes on. */
    @Test
    void item_isKeptAsLongAsItsSession() {
        applyLargeData();
        for (int day = 0; day < 60; day += 5) {
            var at = LocalTable.NOW.plusSeconds(86_400L * day);
            table.apply(at, id, event(id).at(at).turn("t-day-" + day, "hi"));

            Instant head = Attributes.time(table.item(id), SessionTable.EXPIRES_AT);
            Instant item =
                    Attributes.time(table.item(ProfileItem.key(id)), SessionTable.EXPIRES_AT);
            assertThat(item).isAfterOrEqualTo(head);
        }
    }

    private void applyLargeData() {
        EventBuilder first = event(id).userId("u-" + id).userData("plan", "gold");
        for (int i = 0; i < 10; i++) {
            large(first, "k" + i, i);
        }
        table.apply(id, first.turn("t-0", "hi"));
        IntStream.range(1, TURNS)
                .forEach(i -> table.apply(id, event(id).at(i).turn("t-" + i, "hi")));
    }

    private static EventBuilder large(EventBuilder event, String key, int number) {
        return event.attribute(key, value(number));
    }

    private static String value(int number) {
        return number + "-".repeat(800);
    }

    private boolean isInItem() {
        return table.item(id).containsKey(SessionTable.PROFILE);
    }

    private Map<String, ?> item() {
        return table.item(ProfileItem.key(id));
    }
}

package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The events of the sessions whose items are in {@code items-of-the-first-format.ndjson}. The last
 * version of Parley that wrote two pages into an item has written these items, each event with a
 * write of its own. {@link Prose} must not change, or the file has to be written again with that
 * version.
 */
final class FirstFormatSessions {

    private static final Path ITEMS =
            Path.of("src/test/resources/items-of-the-first-format.ndjson");
    private static final int FIRST_SEED = 100;

    private FirstFormatSessions() {}

    /** Returns the events of each session in the order in which they were written, by its id. */
    static Map<String, List<SessionEvent>> events() {
        Map<String, List<SessionEvent>> events = new LinkedHashMap<>();
        int seed = FIRST_SEED;
        events.put("tail-only", turns("tail-only", 5, seed++));
        events.put("one-page", turns("one-page", 13, seed++));
        events.put("some-pages", turns("some-pages", 30, seed++));
        events.put("many-pages", turns("many-pages", 75, seed++));
        events.put("late", withLateTurns(turns("late", 75, seed++)));
        events.put("revised", withRevisions("revised", turns("revised", 40, seed++)));
        events.put("deleted", withDeletion("deleted", turns("deleted", 60, seed)));
        return events;
    }

    /** Returns the items of all these sessions. */
    static List<Map<String, AttributeValue>> items() {
        try (Stream<String> lines = Files.lines(ITEMS)) {
            ObjectMapper mapper = new ObjectMapper();
            List<Map<String, AttributeValue>> items = new ArrayList<>();
            for (String line : (Iterable<String>) lines::iterator) {
                items.add(item(mapper.readTree(line)));
            }
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, AttributeValue> item(JsonNode attributes) {
        Map<String, AttributeValue> item = new HashMap<>();
        attributes.properties().forEach(e -> item.put(e.getKey(), value(e.getValue())));
        return item;
    }

    private static AttributeValue value(JsonNode typed) {
        String type = typed.fieldNames().next();
        JsonNode value = typed.get(type);
        return switch (type) {
            case "S" -> AttributeValue.fromS(value.textValue());
            case "N" -> AttributeValue.fromN(value.textValue());
            case "B" ->
                    AttributeValue.fromB(
                            SdkBytes.fromByteArray(Base64.getDecoder().decode(value.textValue())));
            case "M" -> AttributeValue.fromM(item(value));
            case "L" ->
                    AttributeValue.fromL(
                            value.valueStream().map(FirstFormatSessions::value).toList());
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static List<SessionEvent> turns(String id, int number, int seed) {
        Prose prose = new Prose(seed);
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            turns.add(prose.turn(id, i));
        }
        return turns;
    }

    /** Returns the same events with every third one after all others. */
    private static List<SessionEvent> withLateTurns(List<SessionEvent> turns) {
        List<SessionEvent> inOrder = new ArrayList<>();
        List<SessionEvent> late = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            (i % 3 == 1 ? late : inOrder).add(turns.get(i));
        }
        inOrder.addAll(late);
        return inOrder;
    }

    private static List<SessionEvent> withRevisions(String id, List<SessionEvent> turns) {
        List<SessionEvent> events = new ArrayList<>(turns);
        events.add(0, event(id).at(-2).turn("r-0", "first draft"));
        events.add(20, event(id).at(18).turn("r-1", "second draft"));
        events.add(event(id).at(-2).revision(1).turn("r-0", "revised"));
        events.add(event(id).at(18).revision(3).turn("r-1", "revised, too"));
        return events;
    }

    private static List<SessionEvent> withDeletion(String id, List<SessionEvent> turns) {
        List<SessionEvent> events = new ArrayList<>(turns);
        events.add(35, event(id).at(12).deleted());
        return events;
    }
}

package dev.parley.bench;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.EventBuilder;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A record of the topic. */
record Event(String sessionId, String json) {

    /** Makes a turn of a session by its number in it. */
    @FunctionalInterface
    interface Turns {
        TurnRecorded turn(String sessionId, int number);
    }

    /** Of 420 characters on average, as assistants and their users have them. */
    static Turns ordinary(long seed) {
        Prose prose = new Prose(seed);
        return (sessionId, number) -> (TurnRecorded) prose.turn(sessionId, number);
    }

    /** Of 80 characters. */
    static Turns small(long seed) {
        Prose prose = new Prose(seed);
        return (sessionId, number) ->
                EventBuilder.event(sessionId)
                        .at(number)
                        .role(number % 2 == 0 ? Role.USER : Role.ASSISTANT)
                        .turn("t-" + number, prose.text(80));
    }

    /**
     * Turns of many sessions in the order of their publication.
     *
     * @param together so many sessions take turns; when all turns of theirs are said, the next come
     */
    static Stream<Event> conversations(
            String prefix, int sessions, int turnsEach, int together, Turns turns) {
        return IntStream.range(0, (sessions + together - 1) / together)
                .boxed()
                .flatMap(
                        group ->
                                IntStream.range(0, turnsEach * together)
                                        .filter(i -> group * together + i % together < sessions)
                                        .mapToObj(
                                                i ->
                                                        of(
                                                                turns.turn(
                                                                        prefix
                                                                                + (group * together
                                                                                        + i
                                                                                                % together),
                                                                        i / together))));
    }

    private static Event of(TurnRecorded turn) {
        String json = ExactJson.write(generator -> TurnJson.write(turn.turn(), generator));
        if (!turn.patch().attributes().isEmpty()) {
            json =
                    json.substring(0, json.length() - 1)
                            + ",\"attributes\":{\"locale\":\"en-GB\",\"topic\":\"orders\"},\"userData\":{\"tier\":\"gold\"}}";
        }
        return new Event(turn.sessionId(), json);
    }
}

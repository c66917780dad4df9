package dev.parley.bench;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.EventBuilder;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An event as it is published to the topic. */
record Event(String sessionId, String json) {

    /** Creates the turn of a session that has a given number. */
    @FunctionalInterface
    interface Turns {
        TurnRecorded turn(String sessionId, int number);
    }

    /** Turns of 420 characters on average, as assistants and their users have them. */
    static Turns ordinary(long seed) {
        Prose prose = new Prose(seed);
        return (sessionId, number) -> (TurnRecorded) prose.turn(sessionId, number);
    }

    /** Turns of 80 characters. */
    static Turns small(long seed) {
        Prose prose = new Prose(seed);
        return (sessionId, number) ->
                EventBuilder.event(sessionId)
                        .at(number)
                        .role(number % 2 == 0 ? Role.USER : Role.ASSISTANT)
                        .turn("t-" + number, prose.text(80));
    }

    /**
     * Returns the turns of many sessions, in the order in which they are to be published.
     *
     * @param first the number of the first turn of each session
     * @param turnsEach the number of turns of each session
     * @param together the number of sessions whose turns alternate; the next sessions follow when
     *     these are complete
     */
    static Stream<Event> conversations(
            String prefix, int sessions, int first, int turnsEach, int together, Turns turns) {
        return IntStream.iterate(0, group -> group < sessions, group -> group + together)
                .boxed()
                .flatMap(
                        group ->
                                IntStream.range(first, first + turnsEach)
                                        .boxed()
                                        .flatMap(
                                                number ->
                                                        IntStream.range(group, group + together)
                                                                .limit(sessions - group)
                                                                .mapToObj(
                                                                        session ->
                                                                                of(
                                                                                        turns.turn(
                                                                                                prefix
                                                                                                        + session,
                                                                                                number)))));
    }

    static Event of(TurnRecorded turn) {
        String json = ExactJson.write(generator -> TurnJson.write(turn.turn(), generator));
        if (!turn.patch().attributes().isEmpty()) {
            json =
                    json.substring(0, json.length() - 1)
                            + ",\"attributes\":{\"locale\":\"en-GB\",\"topic\":\"orders\"},\"userData\":{\"tier\":\"gold\"}}";
        }
        return new Event(turn.sessionId(), json);
    }
}

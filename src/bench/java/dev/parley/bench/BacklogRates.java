package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures two kinds of backlogs alternately. In the first, the ten turns of each new session are
 * so close together that most of them are in the same batch. In the second, the turns of known
 * sessions are so far apart that each is a separate write. Those sessions are created during the
 * warm-up, because the first turn of a session costs a read.
 */
final class BacklogRates {

    private static final int SESSIONS_TOGETHER = 20;

    private final BacklogFeeder feed;
    private final int turns;
    private final List<Rate> together = new ArrayList<>();
    private final List<Rate> apart = new ArrayList<>();
    private int nextTurn;

    private BacklogRates(BacklogFeeder feed, int turns) {
        this.feed = feed;
        this.turns = turns;
    }

    /**
     * Warms the service up with both kinds, then measures both in each round.
     *
     * @param turns the number of turns far apart in a round, each of another session: many more
     *     than a batch contains. There are four times as many turns close together, because these
     *     take a quarter of the time
     */
    static BacklogRates measure(BacklogFeeder feed, int turns, BenchSettings settings)
            throws InterruptedException {
        BacklogRates measured = new BacklogRates(feed, turns);
        for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
            measured.measureTogether("warm-" + round);
            measured.measureApart("warm-" + round);
        }
        for (int round = 0; round < settings.rounds(); round++) {
            measured.together.add(measured.measureTogether("round-" + round));
            measured.apart.add(measured.measureApart("round-" + round));
        }
        return measured;
    }

    List<Rate> together() {
        return together;
    }

    List<Rate> apart() {
        return apart;
    }

    private Rate measureTogether(String name) throws InterruptedException {
        return measureBacklog(
                name + " together",
                Event.conversations(
                                name + "-",
                                4 * turns / 10,
                                0,
                                10,
                                SESSIONS_TOGETHER,
                                Event.ordinary(7))
                        .toList());
    }

    private Rate measureApart(String name) throws InterruptedException {
        int number = nextTurn++;
        return measureBacklog(
                name + " apart",
                Event.conversations("apart-", turns, number, 1, 1, Event.ordinary(number))
                        .toList());
    }

    private Rate measureBacklog(String name, List<Event> events) throws InterruptedException {
        Rate rate = feed.measure(events);
        Progress.print(
                "%s: %,.0f turns/s, %,.0f per CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }
}

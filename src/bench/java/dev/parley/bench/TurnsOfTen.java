package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * Two backlogs in turns: ten turns of each of many new sessions close together, so that a batch
 * holds most of them; and turns of known sessions so far apart that each is a write of its own. The
 * first turns of those, which are read, come with the warming up.
 */
final class TurnsOfTen {

    private static final int CLOSE_TOGETHER = 20;

    private final Feed feed;
    private final int turns;
    private final List<Rate> together = new ArrayList<>();
    private final List<Rate> apart = new ArrayList<>();
    private int turnsApart;

    private TurnsOfTen(Feed feed, int turns) {
        this.feed = feed;
        this.turns = turns;
    }

    /**
     * Warms the service up with both, then measures both in each round.
     *
     * @param turns of a round far apart, each of another session: many more than a batch holds.
     *     Close together there are four times as many, since they take a fourth of the time
     */
    static TurnsOfTen measure(Feed feed, int turns, BenchSettings settings)
            throws InterruptedException {
        TurnsOfTen measured = new TurnsOfTen(feed, turns);
        for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
            measured.closeTogether("warm-" + round);
            measured.farApart("warm-" + round);
        }
        for (int round = 0; round < settings.rounds(); round++) {
            measured.together.add(measured.closeTogether("round-" + round));
            measured.apart.add(measured.farApart("round-" + round));
        }
        return measured;
    }

    List<Rate> together() {
        return together;
    }

    List<Rate> apart() {
        return apart;
    }

    private Rate closeTogether(String name) throws InterruptedException {
        return rate(
                name + " together",
                Event.conversations(
                                name + "-",
                                4 * turns / 10,
                                0,
                                10,
                                CLOSE_TOGETHER,
                                Event.ordinary(7))
                        .toList());
    }

    private Rate farApart(String name) throws InterruptedException {
        int number = turnsApart++;
        return rate(
                name + " apart",
                Event.conversations("apart-", turns, number, 1, 1, Event.ordinary(number))
                        .toList());
    }

    private Rate rate(String name, List<Event> events) throws InterruptedException {
        Rate rate = feed.rate(events);
        Progress.say(
                "%s: %,.0f turns/s, %,.0f by CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }
}

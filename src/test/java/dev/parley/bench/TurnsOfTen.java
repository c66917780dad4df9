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

    private static final int SESSIONS = 3_600;
    private static final int CLOSE_TOGETHER = 20;

    /** Each with one turn a round, so that no batch can hold two. */
    private static final int SESSIONS_APART = 8_000;

    private final Feed feed;
    private final List<Rate> together = new ArrayList<>();
    private final List<Rate> apart = new ArrayList<>();
    private int turnsApart;

    private TurnsOfTen(Feed feed) {
        this.feed = feed;
    }

    /** Warms the service up with both, then measures both in each round. */
    static TurnsOfTen measure(Feed feed, BenchSettings settings) throws InterruptedException {
        TurnsOfTen measured = new TurnsOfTen(feed);
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
                Event.conversations(name + "-", SESSIONS, 0, 10, CLOSE_TOGETHER, Event.ordinary(7))
                        .toList());
    }

    private Rate farApart(String name) throws InterruptedException {
        int number = turnsApart++;
        return rate(
                name + " apart",
                Event.conversations("apart-", SESSIONS_APART, number, 1, 1, Event.ordinary(number))
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

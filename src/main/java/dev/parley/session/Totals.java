package dev.parley.session;

/**
 * The counters of several sessions together.
 *
 * @param sessions the number of sessions
 * @param counters the counters over all of their turns
 */
public record Totals(long sessions, Counters counters) {

    public static final Totals NONE = new Totals(0, Counters.NONE);

    public Totals plus(Session session) {
        return new Totals(sessions + 1, counters.plus(session.counters()));
    }

    public Totals plus(Totals other) {
        return new Totals(sessions + other.sessions, counters.plus(other.counters));
    }
}

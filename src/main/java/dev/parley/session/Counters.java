package dev.parley.session;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * The counters over the turns of a session. Each turn counts once, by its newest revision.
 *
 * @param turnsByRole the number of turns of each role that has spoken
 * @param errors the number of turns that carry an error
 */
public record Counters(Map<Role, Long> turnsByRole, Usage usage, Latency latency, long errors) {

    public static final Counters NONE = new Counters(Map.of(), Usage.NONE, Latency.NONE, 0);

    public Counters {
        turnsByRole = Map.copyOf(turnsByRole);
    }

    public static Counters of(Collection<Turn> turns) {
        Counters counters = NONE;
        for (Turn turn : turns) {
            counters = counters.plus(turn);
        }
        return counters;
    }

    public Counters plus(Turn turn) {
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        byRole.putAll(turnsByRole);
        byRole.merge(turn.role(), 1L, Long::sum);
        Long ms = turn.latencyMs();
        Usage used = turn.usage();
        return new Counters(
                byRole,
                used == null ? usage : usage.plus(used),
                ms == null ? latency : latency.plus(ms),
                turn.error() == null ? errors : errors + 1);
    }

    /** Returns the sums of both counters, which must have no turn in common. */
    public Counters plus(Counters other) {
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        byRole.putAll(turnsByRole);
        other.turnsByRole.forEach((role, turns) -> byRole.merge(role, turns, Long::sum));
        return new Counters(
                byRole,
                usage.plus(other.usage),
                latency.plus(other.latency),
                errors + other.errors);
    }

    /**
     * Returns these counters without a turn that they contain. The greatest latency stays the same,
     * even if it was that of the turn, because the second greatest is not known here.
     */
    public Counters minus(Turn turn) {
        Map<Role, Long> byRole = new EnumMap<>(turnsByRole);
        byRole.computeIfPresent(turn.role(), (role, turns) -> turns == 1 ? null : turns - 1);
        Long ms = turn.latencyMs();
        Usage used = turn.usage();
        return new Counters(
                byRole,
                used == null ? usage : usage.minus(used),
                ms == null ? latency : latency.minus(ms),
                turn.error() == null ? errors : errors - 1);
    }

    /** Returns these counters with another greatest latency, in milliseconds, once it is known. */
    public Counters withMaxLatencyMs(long ms) {
        return new Counters(turnsByRole, usage, latency.withMaxMs(ms), errors);
    }

    public long turns() {
        return turnsByRole.values().stream().mapToLong(Long::longValue).sum();
    }
}

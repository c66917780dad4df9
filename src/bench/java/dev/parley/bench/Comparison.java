package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Figures of the service and of the bare client. The two are measured alternately, so that other
 * processes on the machine disturb both.
 */
record Comparison<T>(List<T> service, List<T> bare) {

    /** The JIT compiler needs some rounds until the code is warm, whatever CPU time they take. */
    private static final int MIN_WARM_UP_ROUNDS = 3;

    /** One of the two that are compared. */
    @FunctionalInterface
    interface Side<T> {

        /**
         * Measures one round.
         *
         * @param name the name of the round, which is unique
         */
        T measure(String name) throws Exception;
    }

    static <T> void warmUp(BooleanSupplier isWarm, Side<T> service, Side<T> bare) throws Exception {
        for (int round = 0; round < MIN_WARM_UP_ROUNDS || !isWarm.getAsBoolean(); round++) {
            service.measure("warm-service-" + round);
            bare.measure("warm-bare-" + round);
        }
    }

    static <T> Comparison<T> measure(int rounds, Side<T> service, Side<T> bare) throws Exception {
        List<T> serviceResults = new ArrayList<>();
        List<T> bareResults = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            serviceResults.add(service.measure("service-" + round));
            bareResults.add(bare.measure("bare-" + round));
        }
        return new Comparison<>(serviceResults, bareResults);
    }

    /** Returns the figure of the service divided by that of the bare client, for each round. */
    Rounds ratios(ToDoubleFunction<T> figure) {
        return Rounds.ratios(service, bare, figure);
    }
}

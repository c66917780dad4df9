package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/** The service and the bare client, measured by turns: what disturbs one disturbs the other. */
record Comparison<T>(List<T> service, List<T> bare) {

    /** At the least: what the JIT compiler does at first uses CPU time without warming anything. */
    private static final int WARM_UP_ROUNDS = 3;

    /** One of the two. */
    @FunctionalInterface
    interface Side<T> {

        /**
         * Measures it once.
         *
         * @param name of the round, which no other has
         */
        T measure(String name) throws Exception;
    }

    static <T> void warmUp(BooleanSupplier isWarm, Side<T> service, Side<T> bare) throws Exception {
        for (int round = 0; round < WARM_UP_ROUNDS || !isWarm.getAsBoolean(); round++) {
            service.measure("warm-service-" + round);
            bare.measure("warm-bare-" + round);
        }
    }

    static <T> Comparison<T> of(int rounds, Side<T> service, Side<T> bare) throws Exception {
        List<T> byService = new ArrayList<>();
        List<T> byBare = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            byService.add(service.measure("service-" + round));
            byBare.add(bare.measure("bare-" + round));
        }
        return new Comparison<>(byService, byBare);
    }

    /** The service's figure as a multiple of the bare client's, round by round. */
    Rounds ratios(ToDoubleFunction<T> figure) {
        return Rounds.ratios(service, bare, figure);
    }
}

package dev.parley.session;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the addition and subtraction of counters. */
class CountersTest {

    @Test
    void plus_ofOtherCounters_equalsCountingAllTurns() {
        Turn question = event("s-1").usage(5, 0).turn("t-1", "hi").turn();
        Turn answer =
                event("s-1").role(Role.ASSISTANT).usage(8, 3).latencyMs(930).turn("t-2", "").turn();
        Turn failure = event("s-2").role(Role.ASSISTANT).latencyMs(20).error().turn("t", "").turn();

        Counters merged =
                Counters.of(List.of(question, answer)).plus(Counters.of(List.of(failure)));

        assertThat(merged).isEqualTo(Counters.of(List.of(question, answer, failure)));
        assertThat(merged.turns()).isEqualTo(3);
    }

    @Test
    void minus_ofATurn_undoesPlus() {
        Turn answer = event("s-1").usage(8, 3).latencyMs(930).error().turn("t-2", "").turn();
        Counters before = Counters.of(List.of(event("s-1").latencyMs(950).turn("t-1", "").turn()));

        assertThat(before.plus(answer).minus(answer)).isEqualTo(before);
    }
}

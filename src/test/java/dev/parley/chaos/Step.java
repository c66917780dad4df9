package dev.parley.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A fault or a change of the instances that the test performs. */
enum Step {
    /** An instance is killed, and a new one replaces it. */
    KILL,
    /** A second instance joins. */
    JOIN,
    /** One of two instances is terminated. */
    LEAVE,
    /** DynamoDB is stopped for a while. Meanwhile an instance is killed and replaced. */
    DYNAMODB_OUTAGE,
    /** The broker shuts down in order and starts again. */
    BROKER_STOP,
    /** The broker is killed and started again. */
    BROKER_KILL;

    /**
     * Returns the steps of a run in random order, but an instance always joins before one leaves.
     */
    static List<Step> schedule(ChaosSize size, Random random) {
        List<Step> steps = new ArrayList<>(Collections.nCopies(size.kills() - 1, KILL));
        steps.add(DYNAMODB_OUTAGE);
        boolean kill = random.nextBoolean();
        for (int i = 0; i < size.brokerRestarts(); i++) {
            steps.add((i % 2 == 0) == kill ? BROKER_KILL : BROKER_STOP);
        }
        Collections.shuffle(steps, random);
        int join = random.nextInt(steps.size() / 2 + 1);
        steps.add(join, JOIN);
        steps.add(join + 2 + random.nextInt(steps.size() - join - 1), LEAVE);
        return steps;
    }
}

package dev.parley.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Something that happens to the service or to what it is built on. */
enum Step {
    /** An instance is killed and another one started in its place. */
    KILL,
    /** A second instance joins. */
    JOIN,
    /** One of two instances is terminated. */
    LEAVE,
    /** DynamoDB goes away for a while, in which an instance is killed and replaced. */
    STORE_AWAY,
    /** The broker shuts down in order and starts again. */
    BROKER_STOP,
    /** The broker is killed and started again. */
    BROKER_KILL;

    /** All that happens in a run, in random order, but that an instance joins before one leaves. */
    static List<Step> schedule(ChaosSize size, Random random) {
        List<Step> steps = new ArrayList<>(Collections.nCopies(size.kills() - 1, KILL));
        steps.add(STORE_AWAY);
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

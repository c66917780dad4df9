package dev.parley.chaos;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The running instances of the service. Starts, kills and terminates them. */
final class Instances implements AutoCloseable {

    private final Addresses addresses;
    private final List<String> jvmOptions;
    private final Random random;
    private final List<Instance> running = new ArrayList<>();
    private int started;

    Instances(Addresses addresses, List<String> jvmOptions, Random random) {
        this.jvmOptions = jvmOptions;
        this.addresses = addresses;
        this.random = random;
    }

    /** Starts another instance and waits until it reports that it is alive. */
    void start() {
        running.add(Instance.start(++started, addresses, jvmOptions));
    }

    /** Kills a random instance. */
    void kill() {
        removeRandom().kill();
    }

    /** Terminates a random instance and waits until it has ended in order. */
    void terminate() throws InterruptedException {
        removeRandom().terminate();
    }

    private Instance removeRandom() {
        return running.remove(random.nextInt(running.size()));
    }

    /** Asserts that each instance has settled all its records, and has counted each once. */
    void assertEachRecordCountedOnce() {
        for (Instance instance : running) {
            await().atMost(TIMEOUT).untilAsserted(instance::assertEachRecordCountedOnce);
        }
    }

    @Override
    public void close() {
        try {
            running.forEach(Instance::kill);
        } finally {
            running.forEach(Instance::close);
        }
    }
}

package dev.parley.chaos;

import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess.Addresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The instances of the service, which come and go. */
final class Instances implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

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

    /** Starts one more and waits until it is alive. */
    void start() {
        running.add(Instance.start(++started, addresses, jvmOptions));
    }

    /** Kills any of them. */
    void kill() {
        any().kill();
    }

    /** Terminates any of them and waits until it has ended in order. */
    void terminate() throws InterruptedException {
        any().terminate();
    }

    private Instance any() {
        return running.remove(random.nextInt(running.size()));
    }

    /** Each has settled all that it received, and counted it once. */
    void assertEachRecordCountedOnce() {
        for (Instance instance : running) {
            await().atMost(PATIENCE).untilAsserted(instance::assertEachRecordCountedOnce);
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

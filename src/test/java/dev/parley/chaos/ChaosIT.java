package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.google.errorprone.annotations.FormatMethod;
import dev.parley.dynamodb.StoredSessions;
import dev.parley.local.RestartableInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that no event is lost or counted twice while instances are killed, join and leave, and
 * while DynamoDB and the broker stop and start. In the end every session equals the model, every
 * record is counted once, and the dead-letter topic contains exactly the rejected records.
 *
 * <p>{@code -Dparley.chaos=full} makes the test longer, see {@link ChaosSize}. The seed is printed.
 * {@code -Dparley.seed=…} repeats the same records and the same faults, but not their exact timing.
 */
@Tag("chaos")
class ChaosIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final ChaosSize SIZE = ChaosSize.ofThisRun();

    /** The limit for processing the records between two steps, and those after the last step. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** How long ago the first turn happened, so that no turn is in the future. */
    private static final Duration FIRST_TURN_AGE = Duration.ofHours(2);

    private static final int MAX_SHOWN = 10;

    /** The Kafka clients log many lines while the broker is stopped. */
    private static final Logger KAFKA_CLIENTS = Logger.getLogger("org.apache.kafka");

    private final Random random = new Random(SEED);
    private final long start = System.nanoTime();

    @BeforeAll
    static void silenceKafkaClients() {
        KAFKA_CLIENTS.setLevel(Level.SEVERE);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void sessions_afterChaos_equalTheModel() throws Exception {
        print("-Dparley.seed=%d, %s", SEED, SIZE);
        Instant firstTurn = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(FIRST_TURN_AGE);
        Traffic traffic = new Traffic(SIZE, SEED, firstTurn);
        try (RestartableInfrastructure infrastructure =
                RestartableInfrastructure.start(SIZE.jvmOptions())) {
            publishWithFaults(traffic, infrastructure);
            assertAll(
                    () -> assertDeadLettersMatch(traffic, infrastructure.addresses().kafka()),
                    () ->
                            assertSessionsEqualTheModel(
                                    traffic, infrastructure.addresses().dynamoDb()));
        }
    }

    /** Publishes all records and injects the faults, until all records are committed. */
    private void publishWithFaults(Traffic traffic, RestartableInfrastructure infrastructure)
            throws Exception {
        String kafka = infrastructure.addresses().kafka();
        List<ProducerRecord<String, String>> records = traffic.records();
        try (Progress progress = new Progress(kafka);
                Instances instances =
                        new Instances(infrastructure.addresses(), SIZE.jvmOptions(), random);
                Publisher publisher =
                        Publisher.start(
                                kafka, records, progress::committed, SIZE.maxUncommitted())) {
            instances.start();
            injectFaults(infrastructure, instances, progress, records.size());
            publisher.awaitEnd();
            progress.awaitAll(TIMEOUT);
            print("all %d records committed", records.size());
            instances.assertEachRecordCountedOnce();
        }
    }

    private void assertDeadLettersMatch(Traffic traffic, String kafka) {
        long duplicates =
                new DeadLetterAudit(kafka).assertContainsExactly(traffic.rejectedValues());
        print(
                "%d rejected records dead-lettered, %d duplicate dead letters",
                traffic.rejectedValues().size(), duplicates);
    }

    private void assertSessionsEqualTheModel(Traffic traffic, String dynamoDb) throws Exception {
        try (StoredSessions stored = new StoredSessions(dynamoDb)) {
            List<String> differences =
                    new SessionAudit(stored).differences(traffic.eventsBySession());
            assertThat(differences.stream().limit(MAX_SHOWN))
                    .as("%d sessions differ from the model, among them", differences.size())
                    .isEmpty();
        }
        print("%d sessions equal the model", traffic.eventsBySession().size());
    }

    /** Performs each step when the service has committed the records that precede it. */
    private void injectFaults(
            RestartableInfrastructure infrastructure,
            Instances instances,
            Progress progress,
            int records)
            throws InterruptedException {
        List<Step> steps = Step.schedule(SIZE, random);
        for (int i = 0; i < steps.size(); i++) {
            progress.awaitCommitted((long) records * (i + 1) / (steps.size() + 1), TIMEOUT);
            // A random delay, so that the step does not always directly follow a commit.
            pause(Duration.ofMillis(random.nextInt(1_000)));
            print("%s, %d of %d records committed", steps.get(i), progress.committed(), records);
            perform(steps.get(i), infrastructure, instances);
        }
    }

    private static void perform(
            Step step, RestartableInfrastructure infrastructure, Instances instances)
            throws InterruptedException {
        switch (step) {
            case KILL -> {
                instances.kill();
                instances.start();
            }
            case JOIN -> instances.start();
            case LEAVE -> instances.terminate();
            case DYNAMODB_OUTAGE -> {
                long stoppedAt = System.nanoTime();
                infrastructure.dynamoDb().stop();
                pause(SIZE.outage().dividedBy(2));
                instances.kill();
                instances.start();
                pause(SIZE.outage().minusNanos(System.nanoTime() - stoppedAt));
                infrastructure.dynamoDb().start();
            }
            case BROKER_STOP -> {
                infrastructure.kafka().stop();
                infrastructure.kafka().start();
            }
            case BROKER_KILL -> {
                infrastructure.kafka().kill();
                infrastructure.kafka().start();
            }
        }
    }

    private static void pause(Duration length) {
        if (length.isPositive()) {
            await().pollDelay(length).atMost(length.plusSeconds(10)).until(() -> true);
        }
    }

    @FormatMethod
    private void print(String format, Object... arguments) {
        System.out.printf(
                "ChaosIT %3ds: %s%n",
                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                format.formatted(arguments));
    }
}

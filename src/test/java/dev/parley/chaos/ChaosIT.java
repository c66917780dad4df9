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
 * Instances of the service are killed, join and leave; DynamoDB and the broker go and come back;
 * meanwhile conversations go on. In the end every session equals the model, every record is counted
 * once, and the dead-letter topic holds the poison and nothing else.
 *
 * <p>{@code -Dparley.chaos=full} makes it long, see {@link ChaosSize}. The seed is printed; {@code
 * -Dparley.seed=…} repeats what is published and what happens, not how they meet.
 */
@Tag("chaos")
class ChaosIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final ChaosSize SIZE = ChaosSize.ofThisRun();

    /** Until the service has got on by one part of the traffic, or is done with the rest. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Long enough for all turns to have happened. */
    private static final Duration AGO = Duration.ofHours(2);

    private static final int SHOWN = 10;

    /** Clients tell at length that the broker is away. */
    private static final Logger KAFKA_CLIENTS = Logger.getLogger("org.apache.kafka");

    private final Random random = new Random(SEED);
    private final long start = System.nanoTime();

    @BeforeAll
    static void quieten() {
        KAFKA_CLIENTS.setLevel(Level.SEVERE);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void sessions_afterChaos_equalTheModel() throws Exception {
        say("-Dparley.seed=%d, %s", SEED, SIZE);
        Instant firstTurn = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(AGO);
        Traffic traffic = new Traffic(SIZE, SEED, firstTurn);
        try (RestartableInfrastructure parts = RestartableInfrastructure.start(SIZE.jvmOptions())) {
            publishAndWreak(traffic, parts);
            assertAll(
                    () -> assertDeadLettersHold(traffic, parts.addresses().kafka()),
                    () -> assertSessionsEqualTheModel(traffic, parts.addresses().dynamoDb()));
        }
    }

    /** Until the service is done with everything. */
    private void publishAndWreak(Traffic traffic, RestartableInfrastructure parts)
            throws Exception {
        String kafka = parts.addresses().kafka();
        List<ProducerRecord<String, String>> records = traffic.records();
        try (Progress progress = new Progress(kafka);
                Instances instances = new Instances(parts.addresses(), SIZE.jvmOptions(), random);
                Publisher publisher =
                        Publisher.start(kafka, records, progress::committed, SIZE.window())) {
            instances.start();
            wreak(parts, instances, progress, records.size());
            publisher.awaitEnd();
            progress.awaitAll(PATIENCE);
            say("all %d records committed", records.size());
            instances.assertEachRecordCountedOnce();
        }
    }

    private void assertDeadLettersHold(Traffic traffic, String kafka) {
        long again = new DeadLetterAudit(kafka).assertHolds(traffic.poison());
        say("%d poison records set aside, %d of them again", traffic.poison().size(), again);
    }

    private void assertSessionsEqualTheModel(Traffic traffic, String dynamoDb) throws Exception {
        try (StoredSessions stored = new StoredSessions(dynamoDb)) {
            List<String> differences =
                    new SessionAudit(stored).differences(traffic.eventsBySession());
            assertThat(differences.stream().limit(SHOWN))
                    .as("%d differences, among them", differences.size())
                    .isEmpty();
        }
        say("%d sessions equal the model", traffic.eventsBySession().size());
    }

    /** Each step comes when the service is done with its part of the records. */
    private void wreak(
            RestartableInfrastructure parts, Instances instances, Progress progress, int records)
            throws InterruptedException {
        List<Step> steps = Step.schedule(SIZE, random);
        for (int i = 0; i < steps.size(); i++) {
            progress.awaitCommitted((long) records * (i + 1) / (steps.size() + 1), PATIENCE);
            // Not always right after a commit.
            pause(Duration.ofMillis(random.nextInt(1_000)));
            say("%s, %d of %d records committed", steps.get(i), progress.committed(), records);
            perform(steps.get(i), parts, instances);
        }
    }

    private static void perform(Step step, RestartableInfrastructure parts, Instances instances)
            throws InterruptedException {
        switch (step) {
            case KILL -> {
                instances.kill();
                instances.start();
            }
            case JOIN -> instances.start();
            case LEAVE -> instances.terminate();
            case STORE_AWAY -> {
                long gone = System.nanoTime();
                parts.dynamoDb().stop();
                pause(SIZE.outage().dividedBy(2));
                instances.kill();
                instances.start();
                pause(SIZE.outage().minusNanos(System.nanoTime() - gone));
                parts.dynamoDb().start();
            }
            case BROKER_STOP -> {
                parts.kafka().stop();
                parts.kafka().start();
            }
            case BROKER_KILL -> {
                parts.kafka().kill();
                parts.kafka().start();
            }
        }
    }

    private static void pause(Duration length) {
        if (length.isPositive()) {
            await().pollDelay(length).atMost(length.plusSeconds(10)).until(() -> true);
        }
    }

    @FormatMethod
    private void say(String format, Object... arguments) {
        System.out.printf(
                "ChaosIT %3ds: %s%n",
                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                format.formatted(arguments));
    }
}

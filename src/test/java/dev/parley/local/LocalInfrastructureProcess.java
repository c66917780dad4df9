package dev.parley.local;

import java.util.List;

/** Runs {@link LocalInfrastructure} in a separate JVM, one for all tests of a run. */
public final class LocalInfrastructureProcess {

    /** A system property, since Quarkus loads test classes, and so their statics, several times. */
    private static final String SHARED = "parley.local.infrastructure";

    private LocalInfrastructureProcess() {}

    /**
     * The addresses of DynamoDB and of Kafka.
     *
     * @param dynamoDb an endpoint such as {@code http://127.0.0.1:8000}
     * @param kafka bootstrap servers such as {@code 127.0.0.1:29092}
     */
    public record Addresses(String dynamoDb, String kafka) {}

    /** Returns the addresses of this test run. The first call starts both on free ports. */
    public static synchronized Addresses shared() {
        String addresses = System.getProperty(SHARED);
        if (addresses == null) {
            addresses = ChildJvm.awaitReady(launch(0, 0));
            System.setProperty(SHARED, addresses);
        }
        int space = addresses.indexOf(' ');
        return new Addresses(addresses.substring(0, space), addresses.substring(space + 1));
    }

    /** Makes this test run use another infrastructure, which is running already. */
    static synchronized void replace(Addresses other) {
        System.setProperty(SHARED, other.dynamoDb() + " " + other.kafka());
    }

    static Process launch(int dynamoDbPort, int kafkaPort) {
        return ChildJvm.launch(
                List.of(
                        "-D%s=%s"
                                .formatted(
                                        LocalInfrastructure.OTHER_DYNAMODB,
                                        LocalInfrastructure.otherDynamoDb())),
                LocalInfrastructure.class,
                "" + dynamoDbPort,
                "" + kafkaPort);
    }
}

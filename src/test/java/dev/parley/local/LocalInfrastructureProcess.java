package dev.parley.local;

/** {@link LocalInfrastructure} in a JVM of its own, one for all tests of a run. */
public final class LocalInfrastructureProcess {

    /** A system property: Quarkus loads test classes more than once, so statics don't do. */
    private static final String SHARED = "parley.local.infrastructure";

    private LocalInfrastructureProcess() {}

    /**
     * Where the two listen.
     *
     * @param dynamoDb as in {@code http://127.0.0.1:8000}
     * @param kafka as in {@code 127.0.0.1:29092}
     */
    public record Addresses(String dynamoDb, String kafka) {}

    /** Those of this test run, started on free ports when first asked for. */
    public static synchronized Addresses shared() {
        String known = System.getProperty(SHARED);
        if (known == null) {
            known = ChildJvm.awaitReady(launch(0, 0));
            System.setProperty(SHARED, known);
        }
        int space = known.indexOf(' ');
        return new Addresses(known.substring(0, space), known.substring(space + 1));
    }

    /** Has this test run use other parts, which someone else has started, instead. */
    static synchronized void replace(Addresses other) {
        System.setProperty(SHARED, other.dynamoDb() + " " + other.kafka());
    }

    static Process launch(int dynamoDbPort, int kafkaPort) {
        return ChildJvm.launch(LocalInfrastructure.class, "" + dynamoDbPort, "" + kafkaPort);
    }
}

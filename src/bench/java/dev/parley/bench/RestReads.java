package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;

/** A process that sends {@link ReadKind} over REST with Hyperfoil. */
final class RestReads {

    private final URI service;
    private final Map<ReadKind, RestAnswers> answers = new EnumMap<>(ReadKind.class);

    private RestReads(URI service) {
        this.service = service;
    }

    /** The argument is the URI of the service. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    RestReads reads = new RestReads(URI.create(arguments[0]));
                    return load -> reads.send(ReadLoad.of(load));
                });
    }

    private Timing send(ReadLoad load) {
        RestAnswers expected = answers.computeIfAbsent(load.reads(), this::readFirst);
        return new HttpLoad(
                        service, expected, load.reads().inFlight(), load.time(), load.perSecond())
                .send();
    }

    private RestAnswers readFirst(ReadKind reads) {
        try {
            return RestAnswers.read(service, reads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

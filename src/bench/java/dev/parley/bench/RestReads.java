package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;

/** {@link Reads} over REST, sent by Hyperfoil. */
final class RestReads {

    private final URI service;
    private final Map<Reads, RestAnswers> answers = new EnumMap<>(Reads.class);

    private RestReads(URI service) {
        this.service = service;
    }

    /** Arguments: where the service is. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    RestReads reads = new RestReads(URI.create(arguments[0]));
                    return load -> reads.send(ReadLoad.of(load));
                });
    }

    private Timing send(ReadLoad load) {
        RestAnswers expected = answers.computeIfAbsent(load.reads(), this::first);
        return new HttpLoad(
                        service, expected, load.reads().inFlight(), load.time(), load.perSecond())
                .send();
    }

    private RestAnswers first(Reads reads) {
        try {
            return RestAnswers.of(service, reads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.parley.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The expected responses of the service to one kind of reads. Each must be complete and always have
 * the size of the first time, because the rate of errors or partial responses means nothing.
 *
 * @param bytes the size of the response for each path
 * @param variation by how many bytes this size may differ
 */
record RestAnswers(String accept, List<String> paths, List<Integer> bytes, int variation) {

    RestAnswers {
        paths = List.copyOf(paths);
        bytes = List.copyOf(bytes);
    }

    /**
     * Reads each path for the first time.
     *
     * @throws IllegalStateException if a response is not complete
     */
    static RestAnswers read(URI service, ReadKind reads) throws IOException, InterruptedException {
        List<Integer> bytes = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : reads.paths()) {
                HttpRequest request =
                        HttpRequest.newBuilder(service.resolve(path))
                                .header("accept", reads.accept())
                                .build();
                HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
                requireComplete(answer, reads);
                bytes.add(answer.body().length);
            }
        }
        Progress.print(
                "%s: responses of %,.0f bytes on average",
                reads, bytes.stream().mapToInt(each -> each).average().orElseThrow());
        return new RestAnswers(reads.accept(), reads.paths(), bytes, reads.variation());
    }

    private static void requireComplete(HttpResponse<byte[]> answer, ReadKind reads) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        long parts = Pattern.compile(reads.pattern()).matcher(body).results().count();
        if (answer.statusCode() != 200 || parts != reads.parts()) {
            throw new IllegalStateException(
                    "%s returned status %d and %d turns or sessions: %.300s"
                            .formatted(answer.uri(), answer.statusCode(), parts, body));
        }
    }

    String path(int request) {
        return paths.get(request % paths.size());
    }

    int bytesOf(int request) {
        return bytes.get(request % bytes.size());
    }

    boolean isExpected(int request, int received) {
        return Math.abs(received - bytesOf(request)) <= variation;
    }
}

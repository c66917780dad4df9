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
 * What the service answers to some reads. Each must be whole, and as large every time as it was at
 * first: how fast errors are read says nothing.
 *
 * @param bytes of each path's answer
 */
record RestAnswers(String accept, List<String> paths, List<Integer> bytes) {

    RestAnswers {
        paths = List.copyOf(paths);
        bytes = List.copyOf(bytes);
    }

    /**
     * Reads each for the first time.
     *
     * @throws IllegalStateException if any isn't whole
     */
    static RestAnswers of(URI service, Reads reads) throws IOException, InterruptedException {
        List<Integer> bytes = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : reads.paths()) {
                HttpRequest request =
                        HttpRequest.newBuilder(service.resolve(path))
                                .header("accept", reads.accept())
                                .build();
                HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
                requireWhole(answer, reads);
                bytes.add(answer.body().length);
            }
        }
        Progress.say(
                "%s: answers of %,.0f bytes",
                reads, bytes.stream().mapToInt(each -> each).average().orElseThrow());
        return new RestAnswers(reads.accept(), reads.paths(), bytes);
    }

    private static void requireWhole(HttpResponse<byte[]> answer, Reads reads) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        long parts = Pattern.compile(reads.mark()).matcher(body).results().count();
        if (answer.statusCode() != 200 || parts != reads.parts()) {
            throw new IllegalStateException(
                    "%s has come with status %d and %d parts: %.300s"
                            .formatted(answer.uri(), answer.statusCode(), parts, body));
        }
    }

    String path(int request) {
        return paths.get(request % paths.size());
    }

    int bytesOf(int request) {
        return bytes.get(request % bytes.size());
    }
}

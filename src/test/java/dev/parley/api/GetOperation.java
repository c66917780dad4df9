package dev.parley.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.RawHttp.Answer;
import dev.parley.api.stream.StreamedBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A GET operation of the OpenAPI document, which verifies responses against the document. */
record GetOperation(OpenApi document, String path, JsonNode node) {

    /**
     * The statuses that every operation may return without documenting them. They concern the
     * method, the media type, lengths, and the version of HTTP.
     */
    private static final Set<Integer> UNDOCUMENTED = Set.of(405, 406, 414, 431, 505);

    static List<GetOperation> all(OpenApi document) {
        List<GetOperation> all = new ArrayList<>();
        document.at("/paths")
                .properties()
                .forEach(
                        path -> {
                            JsonNode get = path.getValue().path("get");
                            if (!get.isMissingNode()) {
                                all.add(new GetOperation(document, path.getKey(), get));
                            }
                        });
        return all;
    }

    List<JsonNode> parameters() {
        List<JsonNode> parameters = new ArrayList<>();
        document.at("/paths")
                .path(path)
                .path("parameters")
                .forEach(parameter -> parameters.add(document.resolved(parameter)));
        node.path("parameters").forEach(parameter -> parameters.add(document.resolved(parameter)));
        return parameters;
    }

    JsonNode schema(JsonNode parameter) {
        return document.resolved(parameter.path("schema"));
    }

    /** Returns how a response differs from the document; empty if it conforms to the document. */
    List<String> problemsWith(Answer answer) {
        List<String> problems = new ArrayList<>();
        int status = answer.status();
        JsonNode response =
                document.resolved(node.path("responses").path(Integer.toString(status)));
        if (status >= 500 && !UNDOCUMENTED.contains(status)) {
            problems.add("the service failed");
        }
        if (response.isMissingNode() && !UNDOCUMENTED.contains(status)) {
            problems.add("the status is not documented");
        }
        if (status >= 400) {
            checkProblem(answer, problems);
        } else if (status == 304) {
            check(answer.body().isEmpty(), "a response with the status 304 has a body", problems);
        } else if (!response.isMissingNode()) {
            checkContent(answer, response.path("content"), problems);
        }
        return problems;
    }

    private void checkProblem(Answer answer, List<String> problems) {
        check(
                answer.isProblem(),
                "the content type of an error is " + answer.contentType(),
                problems);
        document.errors("Problem", answer.body()).forEach(error -> problems.add(error.toString()));
        check(
                answer.body().contains("\"status\":" + answer.status()),
                "the problem states another status",
                problems);
    }

    private void checkContent(Answer answer, JsonNode content, List<String> problems) {
        String type = answer.contentType().replaceFirst(";.*", "");
        JsonNode documented = content.path(type);
        check(!documented.isMissingNode(), type + " is not documented", problems);
        if (type.equals("application/json") && documented.has("schema")) {
            document.errors(documented.get("schema"), answer.body())
                    .forEach(error -> problems.add(error.toString()));
        }
        if (type.equals(StreamedBody.LINES)) {
            answer.body()
                    .lines()
                    .flatMap(line -> document.errors("Turn", line).stream())
                    .forEach(error -> problems.add(error.toString()));
        }
    }

    private static void check(boolean condition, String problem, List<String> problems) {
        if (!condition) {
            problems.add(problem);
        }
    }
}

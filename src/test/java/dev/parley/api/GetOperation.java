package dev.parley.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.RawHttp.Answer;
import dev.parley.api.stream.StreamedBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A GET operation of the OpenAPI document, and what the document thinks of an answer of it. */
record GetOperation(OpenApi document, String path, JsonNode node) {

    /** What any operation may answer without saying so: method, media type, lengths, version. */
    private static final Set<Integer> OF_HTTP = Set.of(405, 406, 414, 431, 505);

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

    /** Empty if the answer is one that the document foresees. */
    List<String> problemsWith(Answer answer) {
        List<String> problems = new ArrayList<>();
        int status = answer.status();
        JsonNode response =
                document.resolved(node.path("responses").path(Integer.toString(status)));
        if (status >= 500 && !OF_HTTP.contains(status)) {
            problems.add("the service failed");
        }
        if (response.isMissingNode() && !OF_HTTP.contains(status)) {
            problems.add("the status is not documented");
        }
        if (status >= 400) {
            problem(answer, problems);
        } else if (status == 304) {
            expect(answer.body().isEmpty(), "304 has a body", problems);
        } else if (!response.isMissingNode()) {
            content(answer, response.path("content"), problems);
        }
        return problems;
    }

    private void problem(Answer answer, List<String> problems) {
        expect(answer.isProblem(), "an error is " + answer.contentType(), problems);
        document.errors("Problem", answer.body()).forEach(error -> problems.add(error.toString()));
        expect(
                answer.body().contains("\"status\":" + answer.status()),
                "the problem has another status",
                problems);
    }

    private void content(Answer answer, JsonNode content, List<String> problems) {
        String type = answer.contentType().replaceFirst(";.*", "");
        JsonNode documented = content.path(type);
        expect(!documented.isMissingNode(), type + " is not documented", problems);
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

    private static void expect(boolean met, String otherwise, List<String> problems) {
        if (!met) {
            problems.add(otherwise);
        }
    }
}

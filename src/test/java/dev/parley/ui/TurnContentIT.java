package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the UI shows the content of a turn in each format of the supported platforms. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class TurnContentIT {

    private static UiScenario scenario;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String session = "content-" + UUID.randomUUID();

    /** A content as it is published, and the text that the UI must show. */
    private record Shape(String content, String expected) {}

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void markdown_keepsSingleTildesAndFormulas() {
        List<Shape> shapes =
                List.of(
                        plainText("Price 10~20 EUR for adults and 5~8 EUR for children."),
                        plainText("大约3~5天，价格100~200元"),
                        plainText("~/a, ~b~ and H~2~O"),
                        plainText("The area is \\(\\pi r^2\\) and \\[ a_{1} * b_{2} * c \\]"),
                        plainText("{\"user_id\": \"*x*\", \"path\": \"C:\\\\new\\\\*dir*\"}"),
                        new Shape("\"~~gone~~ here\"", "gone here"));

        try (UiWindow window = openAll("assistant", shapes)) {
            assertThat(window.texts(".turn .content")).isEqualTo(expectedTexts(shapes));
            assertThat(window.texts(".turn .content del")).containsExactly("gone");
            assertThat(window.count(".turn .content em")).isZero();
        }
    }

    private static Shape plainText(String text) {
        return new Shape(UiScenario.jsonString(text), text);
    }

    @Test
    void text_inAPartOfAnyFormat_isShown() {
        List<Shape> shapes =
                List.of(
                        new Shape("[\"plain\",\"strings\"]", "plain\nstrings"),
                        new Shape("[{\"type\":\"text\",\"text\":\"typed\"}]", "typed"),
                        new Shape("[{\"text\":\"untyped\"}]", "untyped"),
                        new Shape(
                                "[{\"type\":\"text\",\"text\":{\"value\":\"assistants\",\"annotations\":[]}}]",
                                "assistants"),
                        new Shape("[{\"type\":\"text\",\"text\":{\"body\":\"chat\"}}]", "chat"),
                        new Shape("[{\"type\":\"text\",\"content\":\"otel\"}]", "otel"),
                        new Shape(
                                "[{\"type\":\"output_text\",\"text\":\"out\",\"annotations\":[{\"a\":1}]}]",
                                "out"),
                        new Shape(
                                "[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"inner\"}]}]",
                                "inner"),
                        new Shape("[[\"nested\"],7]", "nested\n7"),
                        new Shape(
                                "[{\"type\":\"refusal\",\"refusal\":\"I cannot help.\"}]",
                                "Refused\nI cannot help."),
                        new Shape("\"\"", "No text"),
                        new Shape("[]", "No text"),
                        new Shape("[\"\",{\"type\":\"text\",\"text\":\"\"}]", "No text"),
                        new Shape("\" \\n\"", "Only whitespace"));

        try (UiWindow window = openAll("assistant", shapes)) {
            assertThat(visibleTexts(window)).isEqualTo(expectedTexts(shapes));
        }
    }

    @Test
    void reasoning_isSeparatedAndFolded() {
        String reasoning = "Reasoning";
        List<Shape> shapes =
                List.of(
                        part("{\"type\":\"reasoning\",\"text\":\"HIDDEN\"}", reasoning),
                        part("{\"type\":\"thinking\",\"thinking\":\"HIDDEN\"}", reasoning),
                        part(
                                "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"HIDDEN\"}]}",
                                reasoning),
                        part(
                                "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"HIDDEN\",\"signature\":\"x\"}}}",
                                reasoning),
                        part("{\"text\":\"HIDDEN\",\"thought\":true}", reasoning),
                        new Shape("\"<think>HIDDEN</think>Answer\"", "Reasoning\nAnswer"),
                        new Shape("\"HIDDEN\\n</think>\\n\\nAnswer\"", "Reasoning\nAnswer"),
                        new Shape("\"<think>HIDDEN, cut off\"", reasoning),
                        new Shape(
                                "\"Ah <thinking>HIDDEN</thinking> Answer\"",
                                "Ah\nReasoning\nAnswer"));

        try (UiWindow window = openAll("assistant", shapes)) {
            assertThat(visibleTexts(window)).isEqualTo(expectedTexts(shapes));
            Locator folded = window.page().locator(".turn details");
            assertThat(folded).hasCount(shapes.size());
            for (int i = 0; i < shapes.size(); i++) {
                folded.nth(i).locator("summary").click();
                assertThat(folded.nth(i)).containsText("HIDDEN");
            }
        }
    }

    @Test
    void reasoningTags_thatAreMentioned_areText() {
        List<Shape> shapes =
                List.of(
                        new Shape("\"The `<think>` tag\"", "The <think> tag"),
                        plainText("Say <think> and go on"),
                        plainText("The tag </think> ends it"));

        try (UiWindow window = openAll("assistant", shapes)) {
            assertThat(visibleTexts(window)).isEqualTo(expectedTexts(shapes));
        }
    }

    @Test
    void toolUse_inAnyFormat_isShownWithItsName() {
        List<Shape> shapes =
                List.of(
                        part(
                                "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"weather\",\"input\":{\"city\":\"HIDDEN\"}}",
                                "Tool call · weather"),
                        part(
                                "{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"weather\",\"input\":{}}}",
                                "Tool call weather"),
                        part(
                                "{\"type\":\"tool_call\",\"name\":\"weather\",\"arguments\":{\"a\":1}}",
                                "Tool call · weather"),
                        part(
                                "{\"type\":\"function_call\",\"name\":\"weather\",\"arguments\":\"{\\\"a\\\":1}\"}",
                                "Tool call · weather"),
                        part(
                                "{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}",
                                "Tool call weather"),
                        part(
                                "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"a\":1}}}",
                                "Tool call · weather"),
                        part(
                                "{\"type\":\"tool-call\",\"toolName\":\"weather\",\"args\":{\"a\":1}}",
                                "Tool call · weather"),
                        part(
                                "{\"type\":\"tool-weather\",\"input\":{\"a\":1},\"output\":{\"b\":2}}",
                                "Tool call · weather\nTool result · weather"),
                        part("{\"type\":\"web_search_call\"}", "Tool call web_search"),
                        part(
                                "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"HIDDEN\"}",
                                "Tool result · t1"),
                        part(
                                "{\"toolResult\":{\"toolUseId\":\"t1\",\"status\":\"error\",\"content\":[{\"text\":\"HIDDEN\"}]}}",
                                "Tool error · t1"),
                        part(
                                "{\"functionResponse\":{\"name\":\"weather\",\"response\":{\"c\":1}}}",
                                "Tool result · weather"),
                        part("{\"type\":\"surprise\",\"a\":1}", "surprise"));

        try (UiWindow window = openAll("assistant", shapes)) {
            assertThat(visibleTexts(window)).isEqualTo(expectedTexts(shapes));
            Locator first = window.page().locator(".turn details").first();
            first.locator("summary").click();
            assertThat(first.locator("pre")).hasText("{\n  \"city\": \"HIDDEN\"\n}");
        }
    }

    private static Shape part(String part, String expected) {
        return new Shape("[" + part + "]", expected);
    }

    @Test
    void media_areNamedAndLinked_butNeverLoaded() {
        List<Shape> shapes =
                List.of(
                        part(
                                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.example/a.png\"}}",
                                "Image https://x.example/a.png"),
                        part(
                                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"iVBOR\"}}",
                                "Image embedded image/png"),
                        part(
                                "{\"inlineData\":{\"mimeType\":\"audio/mp3\",\"data\":\"AA\"}}",
                                "Audio embedded audio/mp3"),
                        part(
                                "{\"type\":\"file\",\"mediaType\":\"application/pdf\",\"filename\":\"bill.pdf\"}",
                                "File bill.pdf application/pdf"),
                        part(
                                "{\"type\":\"audio\",\"transcript\":\"Hello there\"}",
                                "Audio embedded\nHello there"),
                        part(
                                "{\"type\":\"attachments\",\"attachments\":[{\"name\":\"a.pdf\"},\"b.pdf\"]}",
                                "File a.pdf\nFile b.pdf"),
                        part(
                                "{\"type\":\"button\",\"title\":\"Rome\",\"payload\":\"/r\",\"x\":[1]},{\"type\":\"quick_reply\",\"text\":\"Oslo\"}",
                                "Rome /r\nOslo"),
                        part("{\"type\":\"buttons\",\"buttons\":3}", "buttons"));

        try (UiWindow window = openAll("user", shapes)) {
            assertThat(visibleTexts(window)).isEqualTo(expectedTexts(shapes));
            assertThat(window.page().locator(".content a"))
                    .hasAttribute("href", "https://x.example/a.png");
            assertThat(window.problems()).isEmpty();
        }
    }

    @Test
    void rasaButtonsAndPictures_areShownAndFound() {
        scenario.publish(
                session,
                List.of(
                        rasa(
                                1,
                                "\"text\":null,\"data\":{\"buttons\":[{\"title\":\"Rome\",\"payload\":\"/to_rome\"}],\"image\":null,\"custom\":null}"),
                        rasa(
                                2,
                                "\"text\":\"Or\",\"data\":{\"quick_replies\":[{\"title\":\"Oslo\",\"payload\":\"/to_oslo\"}],\"image\":\"https://x.example/oslo.png\"}"),
                        rasa(
                                3,
                                "\"text\":\"\",\"data\":\"{\\\"attachment\\\":{\\\"type\\\":\\\"video\\\",\\\"payload\\\":{\\\"title\\\":\\\"Trip\\\",\\\"src\\\":\\\"https://x.example/v\\\"}}}\""),
                        rasa(
                                4,
                                "\"text\":\"\",\"data\":{\"elements\":[{\"title\":\"Hotel\",\"subtitle\":\"Two stars\",\"buttons\":[{\"title\":\"Book\",\"payload\":\"/book\"}]}]}")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            assertThat(visibleTexts(window))
                    .containsExactly(
                            "Rome /to_rome",
                            "Or\nOslo /to_oslo\nImage https://x.example/oslo.png",
                            "Video Trip",
                            "Hotel\nTwo stars\nBook /book");
            find(window, "rome");
            assertThat(window.page().locator("#find output")).hasText("1 of 1, newest first");
            assertThat(window.page().locator(".turn:focus")).containsText("Rome");
            assertThat(window.problems()).isEmpty();
        }
    }

    private String rasa(int number, String more) {
        return "{\"sender_id\":\"%s\",\"event\":\"bot\",\"timestamp\":%d.5,%s,\"metadata\":{}}"
                .formatted(session, start.plusSeconds(number).getEpochSecond(), more);
    }

    /** Turns as the API returns them. A turn may have no content. */
    @Test
    void metadata_withContent_isShown() {
        List<String> turns =
                List.of(
                        turn(0, "user", ",\"content\":\"Hello\""),
                        turn(
                                1,
                                "assistant",
                                ",\"metadata\":{\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"track\",\"arguments\":\"{\\\"o\\\":7}\"}}]}"),
                        turn(
                                2,
                                "assistant",
                                ",\"content\":null,\"metadata\":{\"refusal\":\"I cannot help with that.\"}"),
                        turn(
                                3,
                                "assistant",
                                ",\"content\":\"Yes\",\"metadata\":{\"reasoning_content\":\"HIDDEN\",\"function_call\":{\"name\":\"old\",\"arguments\":\"{}\"}}"),
                        turn(
                                4,
                                "user",
                                ",\"content\":\"\",\"metadata\":{\"attachments\":[{\"file_id\":\"file-9\"}]}"),
                        turn(5, "assistant", ",\"metadata\":{\"parts\":[{\"text\":\"a part\"}]}"),
                        turn(6, "assistant", ",\"content\":null,\"metadata\":{\"x\":1}"),
                        turn(7, "assistant", ""),
                        turn(
                                8,
                                "assistant",
                                ",\"content\":[{\"type\":\"tool_use\",\"name\":\"once\"}],\"metadata\":{\"tool_calls\":[{\"name\":\"once\"}]}"),
                        turn(9, "system", ",\"content\":\"Think between <think> and </think>\""));

        try (UiWindow window = openWithTurns(turns)) {
            assertThat(visibleTexts(window))
                    .containsExactly(
                            "Hello",
                            "Tool call · track",
                            "Refused\nI cannot help with that.",
                            "Reasoning\nYes\nTool call old",
                            "File file-9",
                            "a part",
                            "No text",
                            "No text",
                            "Tool call once",
                            "Think between <think> and </think>");
        }
    }

    @Test
    void roles_areShownWithTheirNames() {
        List<String> turns =
                List.of(
                        turn(0, "user", ",\"content\":\"Hello\""),
                        turn(
                                1,
                                "agent",
                                ",\"content\":\"I *am* Ann\",\"metadata\":{\"name\":\"Ann\"}"),
                        turn(2, "other", ",\"content\":\"x\",\"metadata\":{\"role\":\"narrator\"}"),
                        turn(3, "other", ",\"content\":\"x\""),
                        turn(4, "tool", ",\"content\":\"{}\",\"metadata\":{\"name\":\"track\"}"));

        try (UiWindow window = openWithTurns(turns)) {
            assertThat(window.texts(".turn h3"))
                    .containsExactly("User", "Human agent", "narrator", "Other", "Tool");
            assertThat(window.page().locator(".turn.agent header")).containsText("Ann");
            assertThat(window.page().locator(".turn.agent .content")).hasText("I *am* Ann");
            assertThat(window.page().locator(".turn.tool header")).containsText("track");
        }
    }

    /** Turns with the same time are ordered by role. Here, the first one arrives as an event. */
    @Test
    void turns_withTheSameIdAndDifferentRoles_areDifferentTurns() {
        scenario.publish(session, List.of(turn(0, "user", ",\"content\":\"Question\"")));
        String answer = turn(0, "assistant", ",\"content\":\"Answer\"");

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session, List.of(answer))) {
            assertThat(window.page().locator(".turn .content"))
                    .hasText(new String[] {"Question", "Answer"});
            find(window, "answer");
            assertThat(window.page().locator(".turn.assistant")).isFocused();
            assertThat(window.page().locator("#size")).containsText("2 turns");
        }
    }

    /** Some platforms use microseconds since 1970, or larger numbers, as revisions. */
    @Test
    void revision_thatADoubleCannotRepresent_replacesTheFormerOne() {
        String revised = ",\"content\":\"%s\",\"revision\":%d";
        scenario.publish(
                session,
                List.of(turn(0, "user", revised.formatted("first", 9_007_199_254_740_992L))));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            assertThat(window.texts(".turn .content")).containsExactly("first");

            scenario.publishEvent(
                    session, turn(0, "user", revised.formatted("second", 9_007_199_254_740_993L)));

            assertThat(window.page().locator(".turn .content")).hasText("second");
            assertThat(window.page().locator(".turn .mark"))
                    .hasAttribute("title", "Revision 9007199254740993");
            assertThat(window.problems()).isEmpty();
        }
    }

    @Test
    void rawText_isShownByAButton() {
        String path = "C:\\new\\*dir* and *this* is $a_1*b_1*$";
        List<Shape> shapes =
                List.of(
                        plainText(path),
                        new Shape(
                                "[{\"type\":\"text\",\"text\":\"<think>a</think>*b*\"},{\"type\":\"odd\"}]",
                                ""));

        try (UiWindow window = openAll("assistant", shapes)) {
            Locator content = window.page().locator(".turn .content");
            Locator raw = window.page().locator(".turn button.raw");
            assertThat(content.first()).not().hasText(path);
            assertThat(raw).hasText(new String[] {"Raw text", "Raw text"});
            assertThat(raw.first()).hasAttribute("aria-pressed", "false");

            raw.first().click();
            raw.last().click();

            assertThat(raw.first()).hasAttribute("aria-pressed", "true");
            assertThat(content.first()).hasText(path);
            assertThat(content.last()).containsText("<think>a</think>*b*");
            assertThat(content.last().locator("pre")).hasText("{\n  \"type\": \"odd\"\n}");

            raw.first().click();

            assertThat(content.first().locator("em")).hasText(new String[] {"this", "b_1"});
        }
    }

    @Test
    void rawText_thatLooksTheSame_hasNoButton() {
        try (UiWindow window = openAll("user", List.of(plainText("2*3*4")))) {
            assertThat(window.page().locator(".turn .content")).hasText("2*3*4");
            assertThat(window.count(".turn button")).isZero();
        }
    }

    private static void find(UiWindow window, String text) {
        window.page().locator("#find input").fill(text);
        window.page().locator("#find input").press("Enter");
    }

    private static List<String> expectedTexts(List<Shape> shapes) {
        return shapes.stream().map(Shape::expected).toList();
    }

    /** The visible texts, with each sequence of whitespace replaced by one space or line break. */
    private static List<String> visibleTexts(UiWindow window) {
        return window.texts(".turn .content").stream()
                .map(
                        text ->
                                text.strip()
                                        .replaceAll("\\s*\\n\\s*", "\n")
                                        .replaceAll("[^\\S\\n]+", " "))
                .toList();
    }

    private UiWindow openAll(String role, List<Shape> shapes) {
        scenario.publish(
                session,
                IntStream.range(0, shapes.size())
                        .mapToObj(i -> turn(i, role, ",\"content\":" + shapes.get(i).content()))
                        .toList());
        return scenario.openSession(Viewport.DESKTOP, session);
    }

    /** Opens a session whose API response contains these turns. Only the first one is stored. */
    private UiWindow openWithTurns(List<String> turns) {
        scenario.publish(session, turns.subList(0, 1));
        return scenario.openSession(Viewport.DESKTOP, session, turns);
    }

    private String turn(int number, String role, String more) {
        return "{\"turnId\":\"t-%d\",\"occurredAt\":\"%s\",\"role\":\"%s\"%s}"
                .formatted(number, start.plusSeconds(number), role, more);
    }
}

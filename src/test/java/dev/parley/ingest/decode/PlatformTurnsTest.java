package dev.parley.ingest.decode;

import static dev.parley.ingest.decode.DecoderHarness.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests turns in the forms that real platforms publish: an invalid detail never loses a turn. */
class PlatformTurnsTest {

    private static final String USER = "\"role\":\"user\",\"content\":\"hi\",";

    private final DecoderHarness decoded = new DecoderHarness();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":null,\"tool_calls\":[{\"id\":\"c-1\",\"function\":{\"name\":\"find\"}}]",
                "\"tool_calls\":[{\"id\":\"c-1\"}]",
                "\"content\":null,\"refusal\":\"I can't help with that.\"",
                "\"function_call\":{\"name\":\"find\",\"arguments\":\"{}\"}",
                "\"content\":null,\"attachments\":[{\"url\":\"https://example.org/a.png\"}]",
                "\"content\":null,\"audio\":{\"id\":\"a-1\"}",
                "\"error\":{\"code\":\"timeout\"}",
                "\"content\":null,\"metadata\":{\"stop\":\"length\"}"
            })
    void turnWithoutContent_withAnotherField_isDecoded(String members) {
        Turn turn = decoded.turnWith("\"role\":\"assistant\"," + members);

        assertThat(turn.content()).isEqualTo(new Json("\"\""));
        assertThat(turn.toString() + turn.metadata() + turn.error()).isNotEmpty();
        assertThat(turn.metadata() != null || turn.error() != null).isTrue();
        assertThat(decoded.unread()).isEmpty();
    }

    @Test
    void turnWithoutContent_withoutAnotherField_isRefused() {
        assertThatThrownBy(() -> decoded.turnWith("\"role\":\"user\",\"model\":null"))
                .hasMessage("a turn needs content");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[\"plain\",{\"type\":\"text\",\"text\":\"b\"}] | [\"plain\",{\"type\":\"text\",\"text\":\"b\"}]",
                "{\"type\":\"text\",\"text\":\"b\"} | [{\"type\":\"text\",\"text\":\"b\"}]",
                "5 | \"5\"",
                "true | \"true\"",
            })
    void contentOfAnyShape_isKept(String content, String kept) {
        assertThat(decoded.turnWith("\"role\":\"user\",\"content\":" + content).content())
                .isEqualTo(new Json(kept));
    }

    @ParameterizedTest
    @CsvSource({
        "System, SYSTEM",
        "DEVELOPER, SYSTEM",
        "USER, USER",
        "Human, USER",
        "ai, ASSISTANT",
        "Bot, ASSISTANT",
        "model, ASSISTANT",
        "ASSISTANT, ASSISTANT",
        "function, TOOL",
        "toolResult, TOOL",
        "tool_result, TOOL",
        "Agent, AGENT",
        "human_agent, AGENT",
        "human-agent, AGENT",
        "narrator, OTHER",
        "ipython, OTHER",
    })
    void roleOfAPlatform_isMapped_andItsNameIsKept(String word, Role role) {
        Turn turn = decoded.turnWith("\"role\":\"%s\",\"content\":\"hi\"".formatted(word));

        assertThat(turn.role()).isEqualTo(role);
        assertThat(metadata(turn, "role").textValue()).isEqualTo(word);
        assertThat(decoded.unread()).isEmpty();
    }

    @Test
    void roleOfParley_isNotRepeatedInTheMetadata() {
        for (Role role : Role.values()) {
            Turn turn =
                    decoded.turnWith(
                            "\"role\":\"%s\",\"content\":\"hi\"".formatted(role.wireName()));

            assertThat(turn.role()).isEqualTo(role);
            assertThat(turn.metadata()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "[]", "{}", "false"})
    void emptyOrInvalidRole_isRefused(String role) {
        assertThatThrownBy(() -> decoded.turnWith("\"content\":\"hi\",\"role\":" + role))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("role");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // OpenAI, chat and responses
                "\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":17,\"total_tokens\":48,\"prompt_tokens_details\":{\"cached_tokens\":8,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":5}} | 31 | 17 | 8 | 5",
                "\"usage\":{\"input_tokens\":31,\"output_tokens\":17,\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens_details\":{\"reasoning_tokens\":5}} | 31 | 17 | 8 | 5",
                // Anthropic
                "\"usage\":{\"input_tokens\":31,\"output_tokens\":17,\"cache_read_input_tokens\":8,\"cache_creation_input_tokens\":2} | 31 | 17 | 8 | 0",
                // Bedrock
                "\"usage\":{\"inputTokens\":31,\"outputTokens\":17,\"totalTokens\":48,\"cacheReadInputTokens\":8} | 31 | 17 | 8 | 0",
                // Gemini
                "\"usageMetadata\":{\"promptTokenCount\":31,\"candidatesTokenCount\":17,\"cachedContentTokenCount\":8,\"thoughtsTokenCount\":5} | 31 | 17 | 8 | 5",
                "\"usage_metadata\":{\"prompt_token_count\":31,\"candidates_token_count\":17} | 31 | 17 | 0 | 0",
                // LangChain
                "\"usage_metadata\":{\"input_tokens\":31,\"output_tokens\":17,\"input_token_details\":{\"cache_read\":8},\"output_token_details\":{\"reasoning\":5}} | 31 | 17 | 8 | 5",
                // Vercel's SDK
                "\"usage\":{\"promptTokens\":31,\"completionTokens\":17} | 31 | 17 | 0 | 0",
                "\"usage\":{\"inputTokens\":31,\"outputTokens\":17,\"reasoningTokens\":5,\"cachedInputTokens\":8} | 31 | 17 | 8 | 5",
                "\"usage\":{\"inputTokens\":{\"total\":31,\"cacheRead\":8},\"outputTokens\":{\"total\":17,\"reasoning\":5}} | 31 | 17 | 8 | 5",
                // Flat
                "\"prompt_tokens\":31,\"completion_tokens\":17 | 31 | 17 | 0 | 0",
                "\"gen_ai.usage.input_tokens\":31,\"gen_ai.usage.output_tokens\":17 | 31 | 17 | 0 | 0",
                "\"inputTokens\":31,\"outputTokens\":17.0,\"usage\":null | 31 | 17 | 0 | 0",
            })
    void usageWithTheNamesOfAVendor_isCounted(
            String members, long input, long output, long cached, long reasoning) {
        Turn turn = decoded.turnWith(USER + members);

        assertThat(turn.usage()).isEqualTo(new Usage(input, output, cached, reasoning));
        assertThat(decoded.unread()).isEmpty();
    }

    @Test
    void furtherMembersOfUsage_areKeptInTheMetadata() {
        Turn turn =
                decoded.turnWith(
                        USER
                                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":2}}");

        assertThat(metadata(turn, "usage").toString())
                .isEqualTo("{\"prompt_tokens_details\":{\"cached_tokens\":2},\"total_tokens\":7}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"many\"", "-3", "1.5", "1e30", "[1]", "{\"a\":1}", "true"})
    void invalidTokenCount_isKept_andTheOthersAreCounted(String tokens) {
        Turn turn =
                decoded.turnWith(
                        USER
                                + "\"usage\":{\"prompt_tokens\":%s,\"completion_tokens\":4}"
                                        .formatted(tokens));

        assertThat(turn.usage()).isEqualTo(new Usage(0, 4));
        assertThat(metadata(turn, "usage").path("prompt_tokens"))
                .isEqualTo(EventContractIT.parsed(tokens));
        assertThat(decoded.unread()).containsExactly("usage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "\"\"", "[]", "{}"})
    void emptyError_isAbsent(String error) {
        assertThat(decoded.turnWith(USER + "\"error\":" + error).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "\"timeout\"", "[1]", "{\"code\":null}", "500"})
    void errorOfAnyOtherShape_isKept(String error) {
        assertThat(decoded.turnWith(USER + "\"error\":" + error).error())
                .isEqualTo(new Json(error));
    }

    @ParameterizedTest
    @CsvSource({"930.4, 930", "930.5, 931", "0.2, 0", "1e2, 100"})
    void latencyWithAFraction_isRounded(String sent, long kept) {
        assertThat(decoded.turnWith(USER + "\"latencyMs\":" + sent).latencyMs()).isEqualTo(kept);
    }

    @Test
    void numericIds_becomeText() {
        Turn turn =
                decoded.turn(
                        """
                        {"sessionId":-5550001112223,"turnId":17,"userId":9007199254740993,"channel":3,"occurredAt":1795342394,
                         "role":"user","content":"hi"}
                        """);

        assertThat(turn.id()).isEqualTo("17");
        assertThat(turn.userId()).isEqualTo("9007199254740993");
        assertThat(turn.channel()).isEqualTo("3");
        assertThat(
                        decoded.event(
                                        "{\"sessionId\":-5550001112223,\"role\":\"user\",\"content\":\"\"}")
                                .sessionId())
                .isEqualTo("-5550001112223");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "revision | \"v2\"",
                "revision | -1",
                "sequence | 1.5",
                "turnId | [7]",
                "userId | {\"id\":7}",
                "channel | true",
                "model | {\"name\":\"m-1\"}",
                "usage | [12]",
                "usage | \"12\"",
                "latencyMs | \"930 ms\"",
                "latencyMs | -1",
                "metadata | \"free text\"",
                "metadata | [1]",
                "attributes | \"a=b\"",
                "userData | [\"x\"]",
            })
    void invalidDetail_isKeptAsItWasSent_andCounted(String field, String value) {
        Turn turn = decoded.turnWith(USER + "\"%s\":%s".formatted(field, value));

        assertThat(turn.content()).isEqualTo(new Json("\"hi\""));
        assertThat(metadata(turn, field)).isEqualTo(EventContractIT.parsed(value));
        assertThat(decoded.unread()).containsExactly(field);
    }

    @Test
    void tooLongIds_loseNoTurn() {
        String id = "x".repeat(600);
        Turn turn = decoded.turnWith(USER + "\"turnId\":\"%s\",\"userId\":\"%<s\"".formatted(id));
        Turn revision = decoded.turnWith(USER + "\"turnId\":\"%s\",\"revision\":1".formatted(id));

        assertThat(turn.id()).isEqualTo(revision.id()).hasSizeLessThan(100);
        assertThat(turn.userId()).isNull();
        assertThat(metadata(turn, "userId").textValue()).isEqualTo(id);
        assertThat(decoded.unread()).isEqualTo(Set.of("turnId", "userId"));
    }

    @Test
    void emptyKeyOfAnAttribute_isKeptInTheMetadata() {
        Turn turn = decoded.turnWith(USER + "\"attributes\":{\"\":1,\"a\":2}");

        assertThat(metadata(turn, "attributes").toString()).isEqualTo("{\"\":1}");
        assertThat(decoded.unread()).containsExactly("attributes");
    }

    /** The platform's own metadata keeps its names. */
    @Test
    void metadataWithTheNameOfAField_keepsBothValues() {
        Turn turn =
                decoded.turnWith(
                        "\"role\":\"Human\",\"content\":\"\",\"region\":\"eu\",\"latencyMs\":\"slow\","
                                + "\"metadata\":{\"region\":\"us\",\"role\":\"admin\",\"latencyMs\":1}");

        assertThat(turn.metadata())
                .isEqualTo(
                        new Json(
                                "{\"event.latencyMs\":\"slow\",\"event.region\":\"eu\",\"event.role\":\"Human\","
                                        + "\"latencyMs\":1,\"region\":\"us\",\"role\":\"admin\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"message\"", "\"Turn\"", "7", "[\"chat\"]", "\"session.renamed\""})
    void unknownTypeOfATurn_isKeptInTheMetadata(String type) {
        Turn turn = decoded.turnWith(USER + "\"type\":" + type);

        assertThat(metadata(turn, "type")).isEqualTo(EventContractIT.parsed(type));
    }

    @Test
    void unknownTypeOfATurnWithOnlyToolCalls_isKeptInTheMetadata() {
        Turn turn =
                decoded.turnWith(
                        "\"type\":\"message\",\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c-1\"}]");

        assertThat(metadata(turn, "type").textValue()).isEqualTo("message");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"session.renamed\",\"sessionId\":\"s\"}",
                "{\"type\":\"message\",\"role\":\"user\"}",
                "{\"type\":7}"
            })
    void unknownTypeOfAnotherEvent_isRefused(String value) {
        assertThatThrownBy(() -> decoded.event(value))
                .hasMessage("type must be turn, session.updated, session.ended or session.deleted");
    }

    @Test
    void turnWithTheFieldsOfRasa_isParleysOwn() {
        Turn turn = decoded.turnWith(USER + "\"sender_id\":\"x\",\"event\":\"message\"");

        assertThat(metadata(turn, "sender_id").textValue()).isEqualTo("x");
    }

    @Test
    void sequence_isKept() {
        assertThat(decoded.turnWith(USER + "\"sequence\":12").sequence()).isEqualTo(12);
        assertThat(decoded.turnWith(USER + "\"sequence\":null").sequence()).isNull();
    }

    @Test
    void turnWithoutATime_isCounted() {
        decoded.turnWith(USER + "\"model\":\"m\"");
        assertThat(decoded.turnsWithoutTime()).isZero();

        Turn turn = decoded.turn("{\"occurredAt\":\"\",\"role\":\"user\",\"content\":\"hi\"}");

        assertThat(turn.occurredAt()).isEqualTo(DecoderHarness.RECORDED_AT);
        assertThat(decoded.turnsWithoutTime()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void sessionIdThatNoUrlCanContain_isRefused(String id) {
        assertThatThrownBy(
                        () ->
                                decoded.event(
                                        "{\"sessionId\":\"%s\",\"role\":\"user\",\"content\":\"\"}"
                                                .formatted(id)))
                .hasMessage("the session id is . or .., which no URL can hold");
    }

    /** The dead letter keeps the whole update. Otherwise a part of it would be lost silently. */
    @Test
    void invalidUpdate_isRefused() {
        assertThatThrownBy(
                        () -> decoded.event("{\"type\":\"session.updated\",\"attributes\":\"a\"}"))
                .hasMessage("attributes must be an object");
    }

    @Test
    void sessionEndWithAnInvalidDetail_endsTheSession() {
        assertThat(decoded.event("{\"type\":\"session.ended\",\"attributes\":\"a\"}"))
                .isInstanceOf(SessionEnded.class);
        assertThat(decoded.unread()).containsExactly("attributes");
        assertThat(
                        decoded.event(
                                "{\"type\":\"session.deleted\",\"occurredAt\":\"2026-03-04 05:06:07\"}"))
                .isEqualTo(new SessionDeleted("key", Instant.parse("2026-03-04T05:06:07Z")));
    }
}

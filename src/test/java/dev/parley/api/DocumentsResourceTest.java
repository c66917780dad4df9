package dev.parley.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the AsyncAPI document and the OpenAPI document that the service serves. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class DocumentsResourceTest {

    @Test
    void asyncApi_asItIsServed_isValid() {
        Response response = given().get("/asyncapi");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/yaml");
        assertThat(AsyncApi.of(response.asString()).problems()).isEmpty();
    }

    @Test
    void openApi_atBothPaths_isTheSame() throws Exception {
        Response open = given().get("/openapi");
        Response internal = given().get("/q/openapi");

        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        assertThat(open.contentType()).startsWith("application/yaml");
        assertThat(yaml.readTree(open.asString())).isEqualTo(yaml.readTree(internal.asString()));
    }

    /** Each row makes the document invalid in one place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ''                                       | info           |
            ''                                       | servers        | none
            /info                                    | version        |
            /channels/chatTurns                      | subscribe      | chat-turns
            /channels/chatTurns                      | address        |
            /channels/chatTurns/bindings/kafka       | bindingVersion | 9.0.0
            /channels/chatTurns/bindings/kafka       | topics         | chat-turns
            /channels/chatTurns/messages/tombstone   | $ref           | #/components/messages/tomb
            /operations/receiveChatTurns             | action         | subscribe
            /operations/receiveChatTurns             | channel        |
            /operations/receiveChatTurns             | messages       |
            /operations/sendDeadLetters/messages/0   | $ref           | #/channels/chatTurns/messages/tombstone
            /components/messages/tombstone           | messageId      | tombstone
            /components/messages/tombstone           | payload        |
            /components/messages/tombstone/payload   | $ref           | #/components/schemas/Nothing
            /components/messages/rasaEvent/payload   | $ref           | #/components/schemas/NoValue
            /components/schemas/SessionId            | type           | text
            /components/schemas/SessionId            | maxLength      | many
            /components/schemas/SessionId            | maxlength      | 12
            /components/schemas/Turn/properties/role | enums          | user
            """)
    void document_thatIsInvalid_hasProblems(String pointer, String name, @Nullable String value) {
        AsyncApi served = AsyncApi.of(given().get("/asyncapi").asString());
        ObjectNode invalid = served.copy();
        JsonNode object = invalid.at(pointer);

        if (value == null) {
            ((ObjectNode) object).remove(name);
        } else {
            ((ObjectNode) object).set(name, TextNode.valueOf(value));
        }

        assertThat(invalid).isNotEqualTo(served.copy());
        assertThat(new AsyncApi(invalid).problems()).isNotEmpty();
    }
}

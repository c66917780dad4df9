package dev.parley.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tests that a turn is the same after it was written as JSON and read again. */
class TurnJsonTest {

    private static final Turn FULL =
            new Turn(
                    "t-1",
                    Instant.parse("2026-11-22T10:15:30.123456789Z"),
                    3,
                    5L,
                    Role.ASSISTANT,
                    new Json("[{\"type\":\"text\",\"text\":\"1.0 \\n \u2028 🙌\"}]"),
                    "u-9",
                    "web",
                    "m-1",
                    new Usage(812, 64),
                    930L,
                    new Json("null"),
                    new Json("{\"z\":1.0,\"a\":1e400,\"n\":12345678901234567890123}"));

    @Test
    void read_ofAWrittenTurn_returnsTheTurn() {
        String written = ExactJson.write(generator -> TurnJson.write(FULL, generator));

        Turn read = TurnJson.read(ExactJson.readObject(written));

        assertThat(read.metadata())
                .isEqualTo(new Json("{\"z\":1.0,\"a\":1E+400,\"n\":12345678901234567890123}"));
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("metadata", "content")
                .isEqualTo(FULL);
        assertThat(ExactJson.readObject("{\"c\":" + read.content().text() + "}"))
                .isEqualTo(ExactJson.readObject("{\"c\":" + FULL.content().text() + "}"));
    }

    @Test
    void write_ofAnyTurn_isOneLine() {
        assertThat(ExactJson.write(generator -> TurnJson.write(FULL, generator)))
                .doesNotContain("\n", "\r");
    }

    @Test
    void write_ofAMinimalTurn_omitsAbsentFields() {
        Turn minimal =
                new Turn(
                        "t-1",
                        Instant.parse("2026-11-22T10:15:30Z"),
                        0,
                        null,
                        Role.USER,
                        new Json("\"hi\""),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);

        assertThat(ExactJson.write(generator -> TurnJson.write(minimal, generator)))
                .isEqualTo(
                        """
                        {"turnId":"t-1","occurredAt":"2026-11-22T10:15:30Z","role":"user","content":"hi"}""");
    }
}

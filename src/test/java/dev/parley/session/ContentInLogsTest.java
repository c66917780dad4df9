package dev.parley.session;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the text form of events and sessions, as logs show it, contains no content. */
class ContentInLogsTest {

    @Test
    void toString_ofAnEventOrASession_containsNoContent() {
        SessionEvent event =
                event("s-1")
                        .attribute("secret-key", "SECRET")
                        .userData("secret-key", "SECRET")
                        .error()
                        .turn("t-1", "SECRET");
        Session session = SessionModel.of("s-1", List.of(event)).orElseThrow();

        assertThat(event.toString() + session)
                .doesNotContain("SECRET")
                .doesNotContain("secret-key");
    }
}

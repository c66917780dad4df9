package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Tests that a failure is logged with its classes and stack traces, but without messages. */
class RedactedFailureTest {

    @Test
    void trace_ofNestedCauses_hasTheirClassesAndFramesButNoMessage() {
        Exception failure =
                new IllegalStateException(
                        "SECRET", new IllegalArgumentException("SECRET", new Error("SECRET")));

        assertThat(trace(failure))
                .doesNotContain("SECRET")
                .contains("java.lang.IllegalStateException")
                .contains("Caused by: java.lang.IllegalArgumentException")
                .contains("Caused by: java.lang.Error")
                .contains("at dev.parley.ingest.RedactedFailureTest");
    }

    @Test
    void trace_ofCircularCauses_ends() {
        Exception one = new Exception();
        one.initCause(new Exception(one));

        assertThat(trace(one)).contains("Caused by: java.lang.Exception");
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        new RedactedFailure(failure).printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

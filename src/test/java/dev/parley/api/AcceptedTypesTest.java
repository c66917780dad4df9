package dev.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.stream.StreamedBody;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which of two media types is served, if JSON is offered first. */
class AcceptedTypesTest {

    private static final List<MediaType> OFFERED =
            List.of(MediaType.APPLICATION_JSON_TYPE, MediaType.valueOf(StreamedBody.LINES));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            */*                                             | json
            application/*                                   | json
            application/x-ndjson                            | x-ndjson
            application/x-ndjson, application/json          | json
            application/x-ndjson, */*                       | x-ndjson
            application/json;q=0.5, application/x-ndjson    | x-ndjson
            application/json;q=0.5, */*;q=0.4               | json
            application/json;q=0, */*                       | x-ndjson
            application/x-ndjson;q=0, */*                   | json
            application/*;q=0, application/x-ndjson;q=0.1   | x-ndjson
            */*;q=0, application/json                       | json
            application/json;q=0                            | none
            application/json;q=0.0, application/x-ndjson;q=0.000 | none
            */*;q=0                                         | none
            text/html, */*;q=0                              | none
            text/html                                       | none
            application/json; charset=utf-8; q=0            | none
            application/json;q=abc                          | json
            application/json;q=-1                           | none
            foo, application/x-ndjson                       | x-ndjson
            ';;'                                            | json
            ','                                             | json
            """)
    void mediaType_thatIsServed_isTheOneThatTheClientPrefers(String accept, String expected) {
        assertThat(
                        AcceptedTypes.of(headers(accept))
                                .best(OFFERED)
                                .map(MediaType::getSubtype)
                                .orElse("none"))
                .isEqualTo(expected);
    }

    private static HttpHeaders headers(String accept) {
        return (HttpHeaders)
                Proxy.newProxyInstance(
                        HttpHeaders.class.getClassLoader(),
                        new Class<?>[] {HttpHeaders.class},
                        (proxy, method, arguments) -> List.of(accept));
    }
}

package dev.parley.ingest.decode;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a CloudEvent in a record's headers: {@code ce_id} as the Kafka binding defines
 * it, {@code ce-id} if an HTTP gateway wrote it, in upper or lower case. If an attribute occurs
 * several times, the last header counts.
 */
final class CloudEventHeaders {

    private static final Pattern ATTRIBUTE =
            Pattern.compile("(?i)(?:ce|cloudevents)[_:-]([a-z0-9]+)");

    private static final Set<String> SPECIFIED =
            Set.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema");

    private final Map<String, Header> attributes = new HashMap<>();
    private @Nullable String contentType;

    private CloudEventHeaders() {}

    static CloudEventHeaders of(EventRecord received) {
        CloudEventHeaders headers = new CloudEventHeaders();
        received.headers().forEach(headers::add);
        return headers;
    }

    private void add(Header header) {
        Matcher attribute = ATTRIBUTE.matcher(header.key());
        if (attribute.matches() && header.value() != null && header.value().length > 0) {
            attributes.put(attribute.group(1).toLowerCase(Locale.ROOT), header);
        } else if (header.key().replaceAll("[_-]", "").equalsIgnoreCase("contenttype")) {
            contentType =
                    RecordText.of(header.value())
                            .map(text -> text.strip().toLowerCase(Locale.ROOT))
                            .orElse(null);
        }
    }

    /**
     * Returns whether there is an attribute that only a CloudEvent has. Other attributes that are
     * required may be missing.
     */
    boolean areOfCloudEvent() {
        return attributes.keySet().stream().anyMatch(SPECIFIED::contains);
    }

    boolean hasContentType(String start) {
        return contentType != null && contentType.startsWith(start);
    }

    /**
     * Returns an attribute, or null if it is absent or empty.
     *
     * @throws UndecodableException if it is not valid UTF-8
     */
    @Nullable String get(String name) {
        Header header = attributes.get(name);
        if (header == null) {
            return null;
        }
        Optional<String> text = RecordText.of(header.value());
        return text.orElseThrow(
                () ->
                        new UndecodableException(
                                "the header ce_%s is not valid UTF-8".formatted(name)));
    }
}

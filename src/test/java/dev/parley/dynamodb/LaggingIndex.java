package dev.parley.dynamodb;

import static java.util.Objects.requireNonNull;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.read.SessionIndex;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Answers the queries of {@link SessionIndex} from outdated items, as an index does that lags
 * behind. Other queries fail.
 */
final class LaggingIndex {

    private static final Pattern CONDITION =
            Pattern.compile("(#\\w+) = (:\\w+) AND (#\\w+) BETWEEN (:\\w+) AND (:\\w+)");

    private static final Pattern FILTER = Pattern.compile("(#\\w+) = (:\\w+)");

    private static final Comparator<Map<String, AttributeValue>> ORDER =
            Comparator.comparing(LaggingIndex::startedAt)
                    .thenComparing(LaggingIndex::sessionId, Comparator.reverseOrder());

    private LaggingIndex() {}

    /**
     * @param items the outdated items
     * @param current the answer of the real index, which contains the consumed capacity
     */
    static QueryResponse answer(
            QueryRequest request, List<Map<String, AttributeValue>> items, QueryResponse current) {
        Matcher condition = CONDITION.matcher(request.keyConditionExpression());
        if (!condition.matches() || Boolean.TRUE.equals(request.scanIndexForward())) {
            throw new UnsupportedOperationException(request.toString());
        }
        String partition =
                requireNonNull(request.expressionAttributeNames().get(condition.group(1)));
        Map<String, AttributeValue> values = request.expressionAttributeValues();
        AttributeValue partitionValue = requireNonNull(values.get(condition.group(2)));
        BigDecimal from = new BigDecimal(requireNonNull(values.get(condition.group(4))).n());
        BigDecimal to = new BigDecimal(requireNonNull(values.get(condition.group(5))).n());
        List<Map<String, AttributeValue>> entries =
                items.stream()
                        .filter(item -> partitionValue.equals(item.get(partition)))
                        .filter(item -> item.containsKey(SessionTable.STARTED_AT))
                        .filter(item -> startedAt(item).compareTo(from) >= 0)
                        .filter(item -> startedAt(item).compareTo(to) <= 0)
                        .filter(item -> isAfter(item, request.exclusiveStartKey()))
                        .sorted(ORDER.reversed())
                        .toList();
        boolean more = entries.size() > request.limit();
        List<Map<String, AttributeValue>> read =
                more ? entries.subList(0, request.limit()) : entries;
        return current.toBuilder()
                .items(read.stream().filter(item -> matchesFilter(item, request)).toList())
                .lastEvaluatedKey(more ? keyOf(read.getLast(), partition) : null)
                .build();
    }

    private static boolean isAfter(
            Map<String, AttributeValue> item, Map<String, AttributeValue> start) {
        return start.isEmpty() || ORDER.compare(item, start) < 0;
    }

    private static boolean matchesFilter(Map<String, AttributeValue> item, QueryRequest request) {
        if (request.filterExpression() == null) {
            return true;
        }
        Matcher filter = FILTER.matcher(request.filterExpression());
        if (!filter.matches()) {
            throw new UnsupportedOperationException(request.toString());
        }
        return requireNonNull(request.expressionAttributeValues().get(filter.group(2)))
                .equals(item.get(request.expressionAttributeNames().get(filter.group(1))));
    }

    private static Map<String, AttributeValue> keyOf(
            Map<String, AttributeValue> item, String partition) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet()
                .retainAll(List.of(SessionTable.SESSION_ID, SessionTable.STARTED_AT, partition));
        return key;
    }

    private static BigDecimal startedAt(Map<String, AttributeValue> item) {
        return new BigDecimal(requireNonNull(item.get(SessionTable.STARTED_AT)).n());
    }

    private static String sessionId(Map<String, AttributeValue> item) {
        return Attributes.text(item, SessionTable.SESSION_ID).orElseThrow();
    }
}

package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.Json;
import dev.parley.session.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a turn used. They are recognised by the names of OpenAI (chat and responses),
 * Anthropic, Bedrock, Gemini, Vercel's SDK, LangChain, OpenTelemetry and others: in a separate
 * object, with details one level below, or among the other fields of the turn. A number counts as
 * its vendor counts it: some vendors include cached tokens in the input, and some don't.
 *
 * @param usage null if no number was found
 * @param rest the other members of the field {@code usage}, as they were sent: the vendor's names
 *     show how it counts
 */
record TokenUsage(@Nullable Usage usage, Map<String, Json> rest) {

    private static final String FIELD = "usage";

    private static final List<String> OBJECTS =
            List.of(FIELD, "usageMetadata", "usage_metadata", "tokenUsage", "token_usage");

    /** Names that Parley reads, and under which it shows the numbers with the turn. */
    private static final Set<String> OWN =
            Set.of("inputTokens", "outputTokens", "cachedInputTokens", "reasoningTokens");

    private static final Pattern SEPARATORS = Pattern.compile("[_.-]");

    /**
     * The kinds of tokens, by their names in lower case, without the characters that join the parts
     * of a name.
     */
    private enum Count {
        INPUT(
                "inputtokens",
                "prompttokens",
                "prompttokencount",
                "inputtokencount",
                "genaiusageinputtokens",
                "genaiusageprompttokens"),
        OUTPUT(
                "outputtokens",
                "completiontokens",
                "candidatestokencount",
                "outputtokencount",
                "responsetokencount",
                "genaiusageoutputtokens",
                "genaiusagecompletiontokens"),
        CACHED_INPUT(
                "cachedinputtokens",
                "cachedtokens",
                "cachereadinputtokens",
                "cachereadinputtokencount",
                "cachereadtokens",
                "cachedcontenttokencount",
                "cachedprompttokens",
                "promptcachehittokens",
                "genaiusagecachereadinputtokens"),
        REASONING(
                "reasoningtokens",
                "reasoningoutputtokens",
                "thoughtstokencount",
                "genaiusagereasoningoutputtokens");

        @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
        private final List<String> names;

        Count(String... names) {
            this.names = List.of(names);
        }
    }

    /** The short names in details, as in {@code "outputTokens": {"total": 9, "reasoning": 5}}. */
    private static final Map<String, String> SHORT =
            Map.of("cacheread", "cachedinputtokens", "reasoning", "reasoningtokens");

    static TokenUsage of(EventFields event) {
        Usage usage = usage(event);
        Map<String, Json> rest =
                event.object(FIELD)
                        .map(
                                own ->
                                        own.fieldsExcept(
                                                namesOfUsage(own.asJson(), usage, event.unread())))
                        .orElse(Map.of());
        return new TokenUsage(usage, rest);
    }

    private static @Nullable Usage usage(EventFields event) {
        for (String name : OBJECTS) {
            JsonNode object = event.present(name);
            Usage usage = object != null && object.isObject() ? usage(allMembers(object)) : null;
            if (usage != null) {
                return usage;
            }
        }
        return usage(members(event.asJson()));
    }

    /** A value and its name. */
    private record Member(String name, JsonNode value) {}

    private static @Nullable Usage usage(List<Member> all) {
        OptionalLong input = count(all, Count.INPUT);
        OptionalLong output = count(all, Count.OUTPUT);
        OptionalLong cached = count(all, Count.CACHED_INPUT);
        OptionalLong reasoning = count(all, Count.REASONING);
        return input.isEmpty() && output.isEmpty() && cached.isEmpty() && reasoning.isEmpty()
                ? null
                : new Usage(
                        input.orElse(0), output.orElse(0), cached.orElse(0), reasoning.orElse(0));
    }

    private static OptionalLong count(List<Member> all, Count count) {
        return count.names.stream()
                .flatMap(name -> all.stream().filter(member -> member.name().equals(name)))
                .map(Member::value)
                .filter(TokenUsage::isCount)
                .mapToLong(value -> value.decimalValue().longValueExact())
                .findFirst();
    }

    private static boolean isCount(JsonNode value) {
        return EventFields.wholeNumber(value)
                .filter(n -> n.signum() >= 0 && n.bitLength() < Long.SIZE)
                .filter(n -> n.longValueExact() <= EventFields.MAX_AMOUNT)
                .isPresent();
    }

    private static List<Member> members(JsonNode object) {
        return object.properties().stream()
                .map(member -> new Member(normalized(member.getKey()), member.getValue()))
                .toList();
    }

    /** Returns the members of the object, followed by the members of the objects among them. */
    private static List<Member> allMembers(JsonNode object) {
        List<Member> all = new ArrayList<>(members(object));
        for (Member outer : members(object)) {
            if (outer.value().isObject()) {
                for (Member inner : members(outer.value())) {
                    String name = inner.name().equals("total") ? outer.name() : inner.name();
                    all.add(new Member(SHORT.getOrDefault(name, name), inner.value()));
                }
            }
        }
        return all;
    }

    private static String normalized(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    /**
     * Returns the names of the members that the turn's own usage contains, too. Notes the members
     * that can't be read.
     */
    private static Set<String> namesOfUsage(
            JsonNode object, @Nullable Usage usage, UnreadFields unread) {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = normalized(member.getKey());
            JsonNode value = member.getValue();
            boolean own = OWN.contains(member.getKey());
            if (isCount(value)) {
                long number = value.decimalValue().longValueExact();
                if (own || (usage != null && isReported(name, number, usage))) {
                    names.add(member.getKey());
                }
            } else if (value.isNull() && own) {
                names.add(member.getKey());
            } else if (!value.isNull() && isNamed(name) && !hasTotal(value)) {
                unread.note(
                        FIELD,
                        "'s tokens must be whole numbers from 0 to " + EventFields.MAX_AMOUNT);
            }
        }
        return names;
    }

    private static boolean hasTotal(JsonNode details) {
        return isCount(details.path("total"));
    }

    private static boolean isReported(String name, long number, Usage usage) {
        return (Count.INPUT.names.contains(name) && number == usage.inputTokens())
                || (Count.OUTPUT.names.contains(name) && number == usage.outputTokens());
    }

    private static boolean isNamed(String name) {
        return Arrays.stream(Count.values()).anyMatch(count -> count.names.contains(name));
    }
}

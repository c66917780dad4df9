package dev.parley.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;

import dev.parley.session.Prose;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Cases of JSON that is too deep or too large, has duplicate keys, or is almost valid. */
final class InvalidJson {

    private static final String BEYOND_LIMITS =
            "more than 500 levels, 1000 digits in a number or 4096 characters in a key";
    private static final String EXPONENT = "a number with an exponent beyond 9999";
    private static final String TOO_LARGE_PROFILE =
            "attributes and user data would be larger than 262144 bytes together";

    private final List<InvalidRecord> cases = new ArrayList<>();

    static List<InvalidRecord> cases() {
        InvalidJson all = new InvalidJson();
        all.depth();
        all.duplicateKeys();
        all.numbers();
        all.amounts();
        all.sizes();
        all.texts();
        all.keys();
        all.shapes();
        return all.cases;
    }

    private InvalidRecord given(String name) {
        InvalidRecord added = new InvalidRecord(name);
        cases.add(added);
        return added;
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private void depth() {
        given("content at the greatest depth")
                .turn(nested(499))
                .isStored("turn/content", nested(499));
        given("content too deep").turn(nested(500)).isDeadLettered(BEYOND_LIMITS);
        given("content of 400,000 levels").turn("[".repeat(400_000)).isDeadLettered(BEYOND_LIMITS);
        given("metadata at the greatest depth")
                .turnWith("\"metadata\":{\"a\":" + nested(498) + "}")
                .isStored("turn/metadata/a", nested(498));
        given("unknown field at the greatest depth")
                .turnWith("\"more\":" + nested(499))
                .isStored("turn/metadata/more", nested(499));
        given("attribute at the greatest depth")
                .turnWith("\"attributes\":{\"a\":" + nested(498) + "}")
                .isStored("session/attributes/a", nested(498));
        given("attribute too deep")
                .turnWith("\"attributes\":{\"a\":" + nested(499) + "}")
                .isDeadLettered(BEYOND_LIMITS);
        given("objects too deep")
                .turnWith("\"userData\":" + "{\"a\":".repeat(500) + "1" + "}".repeat(500))
                .isDeadLettered(BEYOND_LIMITS);
    }

    private void duplicateKeys() {
        given("duplicate key at the top")
                .value("{\"a\":1,\"a\":2}")
                .isDeadLettered("a key comes twice in an object at byte 11");
        given("duplicate key in a nested object")
                .value("{\"a\":[{\"b\":1,\"b\":1}]}")
                .isDeadLettered("a key comes twice in an object at byte 17");
        given("duplicate key by an escape")
                .value("{\"a\":1,\"\\u0061\":2}")
                .isDeadLettered("a key comes twice in an object at byte 16");
        given("duplicate sessionId")
                .value("{\"sessionId\":\"a\",\"sessionId\":\"b\"}")
                .isDeadLettered("a key comes twice in an object at byte 29");
    }

    private void numbers() {
        String digits = "9".repeat(1000);
        given("integer of 1000 digits").turn("[" + digits + "]").isStored("turn/content/0", digits);
        given("integer of 1001 digits").turn("[" + digits + "9]").isDeadLettered(BEYOND_LIMITS);
        given("integer of 500,000 digits")
                .turn("[" + "9".repeat(500_000) + "]")
                .isDeadLettered(BEYOND_LIMITS);
        given("decimal of 39 digits")
                .turnWith("\"attributes\":{\"n\":0.123456789012345678901234567890123456789}")
                .isStored("session/attributes/n", "0.123456789012345678901234567890123456789");
        given("number beyond the range of DynamoDB")
                .turnWith("\"userData\":{\"n\":1e126}")
                .isStored("session/userData/n", "1E+126");
        given("greatest exponent").turn("[1e9999]").isStored("turn/content/0", "1E+9999");
        given("exponent of a billion").turn("[1e999999999]").isDeadLettered(EXPONENT);
        given("exponent beyond an int").turn("[1e99999999999]").isDeadLettered(EXPONENT);
        given("exponent of the least int").turn("[1e-2147483648]").isDeadLettered(EXPONENT);
        given("least exponent of an attribute")
                .turnWith("\"attributes\":{\"n\":-1e-9999}")
                .isStored("session/attributes/n", "-1E-9999");
        given("990 digits after zeros")
                .turn("[" + "9".repeat(990) + "e-995]")
                .isStored("turn/content/0", "0.00000" + "9".repeat(990));
        given("negative zero").turn("[-0,-0.0]").isStored("turn/content", "[0,0.0]");
        given("NaN")
                .turn("[NaN]")
                .isDeadLettered("NaN or Infinity, which JSON doesn't have, at byte 80");
        given("Infinity")
                .turn("[-Infinity]")
                .isDeadLettered("NaN or Infinity, which JSON doesn't have, at byte 86");
    }

    private void amounts() {
        given("tokens at the limit")
                .turnWith("\"usage\":{\"inputTokens\":100000000000}")
                .isStored("session/usage/inputTokens", "100000000000");
        given("tokens of Long.MAX")
                .turnWith("\"usage\":{\"inputTokens\":9223372036854775807}")
                .isStored("turn/metadata/usage/inputTokens", "9223372036854775807");
        given("tokens beyond a long")
                .turnWith("\"usage\":{\"outputTokens\":9223372036854775808}")
                .isStored("turn/metadata/usage/outputTokens", "9223372036854775808");
        given("negative latency")
                .turnWith("\"latencyMs\":-1")
                .isStored("turn/metadata/latencyMs", "-1");
        given("latency with an exponent")
                .turnWith("\"latencyMs\":1e9999")
                .isStored("turn/metadata/latencyMs", "1E+9999");
        given("revision of Long.MAX")
                .turnWith("\"revision\":9223372036854775807")
                .isStored("turn/revision", "9223372036854775807");
        given("revision beyond a long")
                .turnWith("\"revision\":9223372036854775808")
                .isStored("turn/metadata/revision", "9223372036854775808");
    }

    private void sizes() {
        given("30,000 attributes")
                .turnWith("\"attributes\":{" + entries(30_000) + "}")
                .isDeadLettered(TOO_LARGE_PROFILE);
        given("500 attributes")
                .turnWith("\"attributes\":{" + entries(500) + "}")
                .isStored("session/attributes", "{" + sorted(500) + "}");
        given("attributes just under the limit")
                .turnWith("\"attributes\":{\"a\":\"" + "x".repeat(261_700) + "\"}")
                .isStored("session/attributes/a", "\"" + "x".repeat(261_700) + "\"");
        given("attributes just over the limit")
                .turnWith("\"attributes\":{\"a\":\"" + "x".repeat(262_144) + "\"}")
                .isDeadLettered(TOO_LARGE_PROFILE);
        given("100,000 entries of metadata")
                .turnWith("\"metadata\":{" + entries(100_000) + "}")
                .isStored("turn/metadata", "{" + sorted(100_000) + "}");
        String text = new Prose(1).text(900_000);
        given("900 KB of text")
                .turn("\"" + text + "\"")
                .isStored("turn/content", "\"" + text + "\"");
        byte[] noise = new byte[675_000];
        new Random(1).nextBytes(noise);
        String base64 = Base64.getEncoder().encodeToString(noise);
        given("900 KB of noise")
                .turn("\"" + base64 + "\"")
                .isStored("turn/content", "\"" + base64 + "\"");
        given("3 MB")
                .turn("\"" + "a".repeat(3_000_000) + "\"")
                .isDeadLettered("larger than 2097152 bytes");
        given("key at the limit")
                .turnWith("\"" + "k".repeat(4096) + "\":1")
                .isStored("turn/metadata/" + "k".repeat(4096), "1");
        given("key beyond the limit")
                .turnWith("\"" + "k".repeat(4097) + "\":1")
                .isDeadLettered(BEYOND_LIMITS);
        given("a megabyte of white space")
                .value(" ".repeat(1_000_000) + "{}")
                .isDeadLettered("a turn needs role");
    }

    private static String entries(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> "\"" + i + "\":0")
                .collect(Collectors.joining(","));
    }

    private static String sorted(int number) {
        return IntStream.range(0, number)
                .mapToObj(Integer::toString)
                .sorted()
                .map(i -> "\"" + i + "\":0")
                .collect(Collectors.joining(","));
    }

    private void texts() {
        String half = " contains half a surrogate pair";
        given("half a pair in content").turn("\"\\ud800\"").isDeadLettered("content" + half);
        given("half a pair in an attribute")
                .turnWith("\"attributes\":{\"SECRET\":\"\\udc00\"}")
                .isDeadLettered("an attribute" + half);
        given("half a pair in a key")
                .turnWith("\"attributes\":{\"SECRET\\ud800\":1}")
                .isDeadLettered("not valid JSON at byte 93");
        given("halves of a pair in the wrong order")
                .turnWith("\"SECRET\":[\"\\ude00\\ud83d\"]")
                .isDeadLettered("a field" + half);
        given("a whole pair by escapes")
                .turn("\"\\ud83d\\ude00\"")
                .isStored("turn/content", "\"😀\"");
        for (String bytes : List.of("ed a0 80", "ed a0 bd ed b8 80", "c0 80", "f8 88 80 80 80")) {
            given("bytes " + bytes)
                    .value(latin("{\"role\":\"user\",\"content\":\"" + unhex(bytes) + "\"}"))
                    .isDeadLettered("not valid UTF-8");
        }
        given("NUL by an escape")
                .turn("\"a\\u0000b\"", "\"attributes\":{\"\\u0000\":\"\\u0000\"}")
                .isStored(
                        "turn/content", "\"a\\u0000b\"",
                        "session/attributes", "{\"\\u0000\":\"\\u0000\"}");
        given("NUL without an escape").turn("\"a\0b\"").isDeadLettered("not valid JSON at byte 78");
        given("bidi and zero width")
                .turn("\"\u202e\u200b\ufeff\"")
                .isStored("turn/content", "\"\u202e\u200b\ufeff\"");
        given("byte order mark")
                .value(
                        "\ufeff{\"occurredAt\":\"2026-11-22T10:00:00Z\",\"role\":\"user\",\"content\":\"x\"}")
                .isStored("turn/content", "\"x\"");
        given("UTF-16")
                .value("{\"role\":\"user\",\"content\":\"x\"}".getBytes(UTF_16))
                .isDeadLettered("not valid UTF-8");
        given("empty content").turn("\"\"").isStored("turn/content", "\"\"");
    }

    private static byte[] latin(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String unhex(String bytes) {
        StringBuilder text = new StringBuilder();
        for (String each : bytes.split(" ", -1)) {
            text.append((char) Integer.parseInt(each, 16));
        }
        return text.toString();
    }

    /**
     * Adds keys that have a meaning in DynamoDB, in its expressions, in JavaScript, or in Parley.
     */
    private void keys() {
        String specialKeys =
                List.of(
                                "#a",
                                "$",
                                ":v",
                                "M",
                                "N",
                                "S",
                                "__proto__",
                                "a.b",
                                "a[0]",
                                "constructor",
                                "dayShard",
                                "expiresAt",
                                "sessionId",
                                "size",
                                "stamps",
                                "turns",
                                "version")
                        .stream()
                        .map(name -> "\"" + name + "\":{\"S\":\"" + name + "\"}")
                        .collect(Collectors.joining(","));
        given("special keys of attributes, user data and metadata")
                .turnWith(
                        "\"attributes\":{" + specialKeys + "}",
                        "\"userData\":{" + specialKeys + "}",
                        "\"metadata\":{\"\":1," + specialKeys + "}")
                .isStored(
                        "session/attributes", "{" + specialKeys + "}",
                        "session/userData", "{" + specialKeys + "}",
                        "turn/metadata", "{\"\":1," + specialKeys + "}");
        given("unknown fields with the names of an item's attributes")
                .turnWith("\"version\":9", "\"turns\":[]", "\"expiresAt\":1", "\"dayShard\":\"x\"")
                .isStored(
                        "turn/metadata",
                        "{\"dayShard\":\"x\",\"expiresAt\":1,\"turns\":[],\"version\":9}");
        given("special keys that are removed")
                .turnWith("\"attributes\":{\"#a\":null,\":v\":null,\"a.b\":null,\"keep\":\"\"}")
                .isStored("session/attributes", "{\"keep\":\"\"}");
        given("empty key of an attribute")
                .turnWith("\"attributes\":{\"\":1}")
                .isStored("turn/metadata/attributes", "{\"\":1}");
        given("empty key that is removed")
                .turnWith("\"userData\":{\"\":null}")
                .isStored("turn/metadata/userData", "{\"\":null}");
    }

    private void shapes() {
        for (String json : List.of("[]", "[{\"role\":\"user\"}]", "7", "\"text\"", "null")) {
            given("value " + json).value(json).isDeadLettered("not a JSON object");
        }
        given("empty value").value("").isDeadLettered("not a JSON object");
        given("two objects").value("{} {}").isDeadLettered("not valid JSON at byte 3");
        given("content that is a number").turn("7").isStored("turn/content", "\"7\"");
        given("role that is an array")
                .value("{\"role\":[],\"content\":\"x\"}")
                .isDeadLettered("role must be a string");
        given("metadata that is a string")
                .turnWith("\"metadata\":\"x\"")
                .isStored("turn/metadata/metadata", "\"x\"");
        given("usage that is an array")
                .turnWith("\"usage\":[1]")
                .isStored("turn/metadata/usage", "[1]");
        given("attributes that are an array")
                .turnWith("\"attributes\":[1]")
                .isStored("turn/metadata/attributes", "[1]");
        given("model that is an object")
                .turnWith("\"model\":{}")
                .isStored("turn/metadata/model", "{}");
    }
}

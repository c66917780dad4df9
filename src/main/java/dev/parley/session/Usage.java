package dev.parley.session;

/**
 * Tokens that a model read and wrote. The meaning is that of OpenTelemetry's {@code
 * gen_ai.usage.input_tokens} and {@code gen_ai.usage.output_tokens}, if the vendor's meaning is the
 * same.
 *
 * @param cachedInputTokens input tokens from the vendor's cache; some vendors include them in the
 *     input, and some don't
 * @param reasoningTokens tokens that the model wrote for itself; some vendors include them in the
 *     output, and some don't
 */
public record Usage(
        long inputTokens, long outputTokens, long cachedInputTokens, long reasoningTokens) {

    public static final Usage NONE = new Usage(0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || cachedInputTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException("token counts can't be negative");
        }
    }

    public Usage(long inputTokens, long outputTokens) {
        this(inputTokens, outputTokens, 0, 0);
    }

    Usage minus(Usage other) {
        return new Usage(
                inputTokens - other.inputTokens,
                outputTokens - other.outputTokens,
                cachedInputTokens - other.cachedInputTokens,
                reasoningTokens - other.reasoningTokens);
    }

    Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                cachedInputTokens + other.cachedInputTokens,
                reasoningTokens + other.reasoningTokens);
    }
}

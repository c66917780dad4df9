package dev.parley.session;

/**
 * Tokens that a model read and wrote; the meaning is that of OpenTelemetry's {@code
 * gen_ai.usage.input_tokens} and {@code gen_ai.usage.output_tokens}, as far as the vendor's is.
 *
 * @param cachedInputTokens of what was read, what came from the vendor's cache; some vendors count
 *     it into the input, and some don't
 * @param reasoningTokens what the model wrote for itself; the same holds for the output
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

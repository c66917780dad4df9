package dev.parley.session;

/**
 * Tokens that a model read and wrote; the meaning is that of OpenTelemetry's {@code
 * gen_ai.usage.input_tokens} and {@code gen_ai.usage.output_tokens}.
 */
public record Usage(long inputTokens, long outputTokens) {

    public static final Usage NONE = new Usage(0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException("token counts can't be negative");
        }
    }

    Usage minus(Usage other) {
        return new Usage(inputTokens - other.inputTokens, outputTokens - other.outputTokens);
    }

    Usage plus(Usage other) {
        return new Usage(inputTokens + other.inputTokens, outputTokens + other.outputTokens);
    }
}

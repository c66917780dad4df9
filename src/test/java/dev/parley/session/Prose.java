package dev.parley.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Generates conversations in real English. The text is cut from this project's licence, so that it
 * compresses like text that people write: ten turns deflate to 2.2 KB. Ten turns of the text of the
 * GPL deflate to 2.3 KB, and of Python's reference to 2.1 KB.
 */
public final class Prose {

    /** The mean length of the content of a turn, in characters. */
    public static final int MEAN_LENGTH = 420;

    private static final String TEXT = readLicence();

    private final Random random;
    private int offset;

    public Prose(long seed) {
        random = new Random(seed);
        offset = random.nextInt(TEXT.length());
    }

    /**
     * Returns a turn of a typical conversation: turns with an even number are short turns of the
     * user, the others are longer turns of the assistant.
     */
    public SessionEvent turn(String sessionId, int number) {
        boolean user = number % 2 == 0;
        EventBuilder event =
                EventBuilder.event(sessionId)
                        .at(EventBuilder.START.plusMillis(1_000L * number + random.nextInt(900)))
                        .userId("u-1042")
                        .channel("web")
                        .role(user ? Role.USER : Role.ASSISTANT);
        if (number == 0) {
            event.attribute("locale", "en-GB")
                    .attribute("topic", "orders")
                    .userData("tier", "gold");
        }
        if (!user) {
            event.usage(800 + random.nextInt(4_000), 40 + random.nextInt(200))
                    .latencyMs(300 + random.nextInt(2_000));
        }
        int length = MEAN_LENGTH * (user ? 1 : 3) / 2;
        return event.turn(
                "5f%06x-%04x".formatted(random.nextInt(1 << 24), number),
                text(length * 3 / 4 + random.nextInt(length / 2)));
    }

    /** Returns the next piece of the text, with that length. */
    public String text(int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            int end = Math.min(TEXT.length(), offset + length - text.length());
            text.append(TEXT, offset, end);
            offset = end % TEXT.length();
        }
        return text.toString();
    }

    private static String readLicence() {
        try {
            return Files.readString(Path.of("LICENSE")).replaceAll("[^\\p{L},.']+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

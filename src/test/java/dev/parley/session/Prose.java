package dev.parley.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Conversations of real English, cut from this project's licence in one go, so that they deflate as
 * what people write does: ten turns of it to 2.2 KB, of the GPL to 2.3, of Python's reference to
 * 2.1.
 */
public final class Prose {

    /** Of a turn's content, in characters. */
    public static final int MEAN_LENGTH = 420;

    private static final String PROSE = prose();

    private final Random random;
    private int place;

    public Prose(long seed) {
        random = new Random(seed);
        place = random.nextInt(PROSE.length());
    }

    /** A turn as assistants and their users have them: every other one short, by the user. */
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

    /** The next piece of prose, of that length. */
    public String text(int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            int end = Math.min(PROSE.length(), place + length - text.length());
            text.append(PROSE, place, end);
            place = end % PROSE.length();
        }
        return text.toString();
    }

    private static String prose() {
        try {
            return Files.readString(Path.of("LICENSE")).replaceAll("[^\\p{L},.']+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.Json;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Turns in order, as one attribute contains them: JSON lines, deflated (B) or plain (S). It keeps
 * the position of each turn, so that it need not be inflated again for them.
 */
public final class TurnBlock {

    /** How turns are stored. Blocks of both kinds can be read at any time. */
    public enum Encoding {
        /**
         * Compressed turns, which take a third of the size and are charged a third. The first byte
         * is the number of a dictionary, see {@link Dictionary}; raw DEFLATE (RFC 1951) follows.
         */
        DEFLATED,
        /** Raw DEFLATE, which is read without a dictionary. It takes up to a tenth more. */
        DEFLATED_WITHOUT_DICTIONARY,
        /** Plain text, which an operator can read in a console. */
        PLAIN
    }

    /**
     * The position and the revision of one turn in a block.
     *
     * @param parts where the text of the turn is stored; null if the block contains it
     */
    public record Entry(TurnPosition position, long revision, Turn.@Nullable Parts parts) {}

    /** A turn as a block stores it or will store it. */
    public record Line(Entry entry, String text) {
        public TurnPosition position() {
            return entry.position();
        }

        public Json json() {
            return new Json(text);
        }
    }

    public static final TurnBlock EMPTY =
            new TurnBlock(new byte[0], Encoding.PLAIN, null, List.of());

    private static final char LINE_BREAK = '\n';

    private final byte[] stored;
    private final Encoding encoding;

    /** Turns at or after this position are stored, but do not belong to the block. */
    private final @Nullable TurnPosition end;

    /** Computed when it is first needed, because a reader of the whole turns does not need it. */
    private @Nullable List<Entry> cachedEntries;

    private TurnBlock(
            byte[] stored,
            Encoding encoding,
            @Nullable TurnPosition end,
            @Nullable List<Entry> cachedEntries) {
        this.stored = stored;
        this.encoding = encoding;
        this.end = end;
        this.cachedEntries = cachedEntries == null ? null : List.copyOf(cachedEntries);
    }

    /**
     * Creates a block of turns.
     *
     * @param turns in order
     */
    public static TurnBlock of(List<Turn> turns, Encoding encoding) {
        return EMPTY.with(turns.stream().map(TurnBlock::line).toList(), encoding);
    }

    /** Reads the block that an attribute contains. Without an attribute the block is empty. */
    public static TurnBlock stored(@Nullable AttributeValue value) {
        if (value == null) {
            return EMPTY;
        }
        if (value.b() == null) {
            return new TurnBlock(value.s().getBytes(UTF_8), Encoding.PLAIN, null, null);
        }
        byte[] deflated = value.b().asByteArrayUnsafe();
        Encoding encoding =
                Dictionary.isNeeded(deflated)
                        ? Encoding.DEFLATED
                        : Encoding.DEFLATED_WITHOUT_DICTIONARY;
        return new TurnBlock(deflated, encoding, null, null);
    }

    /** Returns the turns of this block that are before the given position; null for all. */
    TurnBlock endingBefore(@Nullable TurnPosition newEnd) {
        return newEnd == null ? this : new TurnBlock(stored, encoding, newEnd, null);
    }

    /**
     * Returns the entries in order. Two threads may compute them at the same time, with the same
     * result.
     */
    public List<Entry> entries() {
        return entries(this::texts);
    }

    private List<Entry> entries(Supplier<List<String>> texts) {
        List<Entry> entries = cachedEntries;
        if (entries == null) {
            entries = texts.get().stream().map(TurnBlock::entry).toList();
            cachedEntries = entries;
        }
        return entries;
    }

    private static Entry entry(String line) {
        TurnJson.Head head = TurnJson.readHead(line);
        Long sequence = head.sequence();
        return new Entry(
                new TurnPosition(
                        head.occurredAt(),
                        sequence == null ? 0 : sequence,
                        head.role(),
                        head.turnId()),
                head.revision(),
                head.parts());
    }

    AttributeValue toAttribute() {
        if (end != null) {
            return of(plain(), entries(), encoding).toAttribute();
        }
        return encoding == Encoding.PLAIN
                ? AttributeValue.fromS(new String(stored, UTF_8))
                : AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(stored));
    }

    /**
     * Returns the bytes of the attribute's value as DynamoDB counts them. They include turns after
     * the end of the block.
     */
    public int bytes() {
        return stored.length;
    }

    public int size() {
        return entries().size();
    }

    public boolean isEmpty() {
        return stored.length == 0;
    }

    public TurnPosition first() {
        return entries().getFirst().position();
    }

    public TurnPosition last() {
        return entries().getLast().position();
    }

    /** Returns the index of the turn in the block; empty if the turn is not in the block. */
    public Optional<Integer> indexOf(Turn.Identity turn) {
        for (int i = entries().size() - 1; i >= 0; i--) {
            if (entries().get(i).position().identity().equals(turn)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    public long revision(int index) {
        return entries().get(index).revision();
    }

    /** Returns the identities of the turns, in order. */
    public Stream<Turn.Identity> identities() {
        return entries().stream().map(entry -> entry.position().identity());
    }

    /** Returns the position of the turn; empty if the turn is not in the block. */
    public Optional<TurnPosition> positionOf(Turn.Identity turn) {
        return indexOf(turn).map(index -> entries().get(index).position());
    }

    /** Returns the revision of each turn. */
    public Map<Turn.Identity, Long> revisions() {
        return entries().stream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.position().identity(),
                                Entry::revision,
                                (former, latter) -> latter));
    }

    public List<Turn> turns() {
        return texts().stream().map(ExactJson::readObject).map(TurnJson::read).toList();
    }

    /** Returns all turns as they are stored. */
    public List<Line> lines() {
        return lines(position -> true);
    }

    /** Returns the turns at the matching positions, as they are stored. */
    public List<Line> lines(Predicate<TurnPosition> where) {
        return lines(texts(), where);
    }

    private List<Line> lines(List<String> texts, Predicate<TurnPosition> where) {
        List<Entry> entries = entries(() -> texts);
        return IntStream.range(0, texts.size())
                .filter(i -> where.test(entries.get(i).position()))
                .mapToObj(i -> new Line(entries.get(i), texts.get(i)))
                .toList();
    }

    /**
     * Returns the turns that happened within the time range, as they are stored. They are in order,
     * so usually only the positions of the first and the last have to be read.
     */
    List<Json> within(TimeRange times) {
        List<String> texts = texts();
        boolean all =
                !texts.isEmpty()
                        && times.contains(entry(texts.getFirst()).position().at())
                        && times.contains(entry(texts.getLast()).position().at());
        return all
                ? texts.stream().map(Json::new).toList()
                : lines(texts, position -> times.contains(position.at())).stream()
                        .map(Line::json)
                        .toList();
    }

    /** Returns this block with the turn added at its position. */
    public TurnBlock with(Turn turn, Encoding newEncoding) {
        TurnPosition position = TurnPosition.of(turn);
        int at = entries().size();
        while (at > 0 && entries().get(at - 1).position().isAfter(position)) {
            at--;
        }
        if (at == entries().size()) {
            return with(List.of(line(turn)), newEncoding);
        }
        Line line = line(turn);
        List<Entry> newEntries = new ArrayList<>(entries());
        newEntries.add(at, line.entry());
        List<String> texts = new ArrayList<>(texts());
        texts.add(at, line.text());
        return of(String.join("\n", texts).getBytes(UTF_8), newEntries, newEncoding);
    }

    /**
     * Returns this block with turns added that come after all turns in it.
     *
     * @param turns in order
     */
    public TurnBlock with(List<Line> turns, Encoding newEncoding) {
        if (turns.isEmpty()) {
            return this;
        }
        List<Entry> newEntries = new ArrayList<>(entries());
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.writeBytes(plain());
        for (Line turn : turns) {
            newEntries.add(turn.entry());
            if (plain.size() > 0) {
                plain.write('\n');
            }
            plain.writeBytes(turn.text().getBytes(UTF_8));
        }
        return of(plain.toByteArray(), newEntries, newEncoding);
    }

    private static TurnBlock of(byte[] plain, List<Entry> entries, Encoding encoding) {
        return new TurnBlock(
                switch (encoding) {
                    case DEFLATED -> Deflate.deflate(plain, Dictionary.LATEST);
                    case DEFLATED_WITHOUT_DICTIONARY -> Deflate.deflate(plain, null);
                    case PLAIN -> plain;
                },
                encoding,
                null,
                entries);
    }

    /** Returns the lines of the block. JSON text contains no line break. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        String text = new String(allPlain(), UTF_8);
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf(LINE_BREAK, from);
            int to = end < 0 ? text.length() : end;
            texts.add(text.substring(from, to));
            from = to + 1;
        }
        while (end != null
                && !texts.isEmpty()
                && entry(texts.getLast()).position().compareTo(end) >= 0) {
            texts.removeLast();
        }
        return texts;
    }

    private byte[] plain() {
        return end == null ? allPlain() : String.join("\n", texts()).getBytes(UTF_8);
    }

    private byte[] allPlain() {
        return encoding == Encoding.PLAIN ? stored : Deflate.inflate(stored);
    }

    public static Line line(Turn turn) {
        return new Line(
                new Entry(TurnPosition.of(turn), turn.revision(), turn.parts()),
                ExactJson.write(generator -> TurnJson.write(turn, generator)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TurnBlock block
                && encoding == block.encoding
                && Objects.equals(end, block.end)
                && Arrays.equals(stored, block.stored);
    }

    @Override
    public int hashCode() {
        return Objects.hash(encoding, Arrays.hashCode(stored));
    }

    @Override
    public String toString() {
        return "TurnBlock[%d turns, %d bytes]".formatted(size(), bytes());
    }
}

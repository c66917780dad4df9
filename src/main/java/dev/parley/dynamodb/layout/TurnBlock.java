package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.Json;
import dev.parley.session.Turn;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Turns in their order as one attribute holds them: JSON lines, deflated (B) or plain (S). A block
 * becomes a page as it is, byte for byte. It knows what stands where without being unpacked.
 */
public final class TurnBlock {

    /** How turns are written; blocks of either kind are read at any time. */
    public enum Encoding {
        /** A third of the size, and of the price. */
        DEFLATED,
        /** For those who read items in a console. */
        PLAIN
    }

    /** One turn of a block. */
    public record Entry(TurnPosition position, long revision) {}

    /** A turn as it stands in a block, or is to. */
    public record Line(Entry entry, String text) {
        public TurnPosition position() {
            return entry.position();
        }

        public Json json() {
            return new Json(text);
        }
    }

    public static final TurnBlock EMPTY = new TurnBlock(new byte[0], Encoding.PLAIN, List.of());

    private static final char LINE_BREAK = '\n';

    private final byte[] stored;
    private final Encoding encoding;

    /** Looked up when first needed: who only reads the turns needs it not. */
    private @Nullable List<Entry> known;

    private TurnBlock(byte[] stored, Encoding encoding, @Nullable List<Entry> known) {
        this.stored = stored;
        this.encoding = encoding;
        this.known = known == null ? null : List.copyOf(known);
    }

    /**
     * A block of these turns.
     *
     * @param turns in order
     */
    public static TurnBlock of(List<Turn> turns, Encoding encoding) {
        return EMPTY.with(turns.stream().map(TurnBlock::line).toList(), encoding);
    }

    /** The block that an attribute holds; an absent attribute holds the empty one. */
    public static TurnBlock stored(@Nullable AttributeValue value) {
        if (value == null) {
            return EMPTY;
        }
        return value.b() == null
                ? new TurnBlock(value.s().getBytes(UTF_8), Encoding.PLAIN, null)
                : new TurnBlock(value.b().asByteArrayUnsafe(), Encoding.DEFLATED, null);
    }

    /** In order. Two threads may look them up twice, with the same result. */
    public List<Entry> entries() {
        List<Entry> entries = known;
        if (entries == null) {
            entries = texts().stream().map(TurnBlock::entry).toList();
            known = entries;
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
                head.revision());
    }

    AttributeValue toAttribute() {
        return encoding == Encoding.DEFLATED
                ? AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(stored))
                : AttributeValue.fromS(new String(stored, UTF_8));
    }

    /** Bytes as DynamoDB counts the attribute's value. */
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

    /** Where in the block that turn is; empty if it is not in it. */
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

    /** Which turns these are, in order. */
    public Stream<Turn.Identity> identities() {
        return entries().stream().map(entry -> entry.position().identity());
    }

    /** Where that turn stands; empty if it is not in here. */
    public Optional<TurnPosition> positionOf(Turn.Identity turn) {
        return indexOf(turn).map(index -> entries().get(index).position());
    }

    /** The revision of each turn. */
    Map<Turn.Identity, Long> revisions() {
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

    /** The turns that stand at such positions, as they are stored. */
    public List<Line> lines(Predicate<TurnPosition> where) {
        List<String> texts = texts();
        List<Entry> entries = entries();
        return IntStream.range(0, texts.size())
                .filter(i -> where.test(entries.get(i).position()))
                .mapToObj(i -> new Line(entries.get(i), texts.get(i)))
                .toList();
    }

    /** This block and the turn in its place. */
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
        List<Entry> positions = new ArrayList<>(entries());
        positions.add(at, line.entry());
        List<String> texts = new ArrayList<>(texts());
        texts.add(at, line.text());
        return of(String.join("\n", texts).getBytes(UTF_8), positions, newEncoding);
    }

    /**
     * This block and turns that stand behind all that are in it.
     *
     * @param turns in order
     */
    public TurnBlock with(List<Line> turns, Encoding newEncoding) {
        if (turns.isEmpty()) {
            return this;
        }
        List<Entry> positions = new ArrayList<>(entries());
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.writeBytes(plain());
        for (Line turn : turns) {
            positions.add(turn.entry());
            if (plain.size() > 0) {
                plain.write('\n');
            }
            plain.writeBytes(turn.text().getBytes(UTF_8));
        }
        return of(plain.toByteArray(), positions, newEncoding);
    }

    private static TurnBlock of(byte[] plain, List<Entry> entries, Encoding encoding) {
        return new TurnBlock(
                encoding == Encoding.DEFLATED ? Deflate.deflate(plain) : plain, encoding, entries);
    }

    /** JSON text holds no line break. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        String text = new String(plain(), UTF_8);
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf(LINE_BREAK, from);
            int to = end < 0 ? text.length() : end;
            texts.add(text.substring(from, to));
            from = to + 1;
        }
        return texts;
    }

    private byte[] plain() {
        return encoding == Encoding.DEFLATED ? Deflate.inflate(stored) : stored;
    }

    public static Line line(Turn turn) {
        return new Line(
                new Entry(TurnPosition.of(turn), turn.revision()),
                ExactJson.write(generator -> TurnJson.write(turn, generator)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TurnBlock block
                && encoding == block.encoding
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

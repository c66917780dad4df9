package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * The maximum sizes of blocks of turns, and their encoding. All sizes are of the stored form.
 *
 * @param tailBytes maximum bytes of the tail. It gets fewer if the head would otherwise begin
 *     another KB, see {@link #tailBytes(int)}
 * @param pageBytes maximum bytes of a page. A single turn may be larger; it then has a page of its
 *     own
 * @param encoding how new blocks are stored
 * @param largeText the text of a turn with more characters is stored in parts
 * @param partBytes maximum bytes of the text in a part, before it is deflated
 */
public record BlockSize(
        int tailBytes, int pageBytes, TurnBlock.Encoding encoding, int largeText, int partBytes) {

    /**
     * A turn with so many characters fits in any page: 150 KB of UTF-8 at most, and two pages of
     * the first format may share an item of 400 KB.
     */
    private static final int LARGE_TEXT = 48 * 1024;

    /**
     * A part fits in an item of 400 KB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items">Constraints</a>)
     * even if its text can't be compressed.
     */
    private static final int PART_BYTES = 384 * 1024;

    /** DynamoDB charges a write by the begun KB. */
    private static final int KB = 1024;

    /**
     * The bytes that the tail may take even if the head then begins another KB. With fewer bytes,
     * the tail would be sealed after every turn or two, which costs more than a KB more.
     */
    private static final int MIN_TAIL_BYTES = 256;

    /** The bytes for turns in an item of the first format, if two pages share the item. */
    private static final int HALF_OF_AN_ITEM = 199 * 1024;

    /** The depth of nested splits above which the size of a block doubles with each level. */
    private static final int USUAL_DEPTH = 6;

    /**
     * The upper limit for blocks in nested splits: about a third of an item, so that added turns
     * still fit.
     */
    private static final int MAX_DEEP_BYTES = 128 * 1024;

    /** Creates sizes with the usual bounds for large texts. */
    public BlockSize(int tailBytes, int pageBytes, TurnBlock.Encoding encoding) {
        this(tailBytes, pageBytes, encoding, LARGE_TEXT, PART_BYTES);
    }

    /**
     * Returns the sizes at a depth of nested splits. If turns arrive late and each belongs after
     * the one before, every block that they fill is one more nested split. The key of its item is
     * longer, and a search for it reads all pages that it was split from. Larger blocks limit this
     * depth.
     *
     * @param depth 0 for a page, 1 for its splits, 2 for the splits of these
     */
    public BlockSize atDepth(int depth) {
        int doublings = Math.clamp(depth - USUAL_DEPTH, 0, Integer.SIZE - 1);
        long deep = Math.min((long) pageBytes << doublings, MAX_DEEP_BYTES);
        return new BlockSize(
                tailBytes, (int) Math.max(pageBytes, deep), encoding, largeText, partBytes);
    }

    /**
     * Returns whether the turn contains a text that must be stored in parts in a given format.
     * Versions of Parley that know only the first format don't know parts. They stored turns of
     * half an item at any place.
     */
    public boolean isLarge(Turn turn, Format format) {
        return turn.textLength() > largeText
                && (format != Format.FIRST
                        || TurnBlock.of(List.of(turn), encoding).bytes() > HALF_OF_AN_ITEM);
    }

    public boolean fitsPage(TurnBlock block) {
        return block.bytes() <= pageBytes;
    }

    /**
     * Returns the maximum size of the tail in bytes. With it, the head fills the KB that it has
     * begun, or the next one if little of that is left.
     *
     * @param headBytes the size of the head without the tail
     */
    public int tailBytes(int headBytes) {
        int filled = Math.ceilDiv(headBytes + MIN_TAIL_BYTES, KB) * KB;
        return Math.min(tailBytes, filled - headBytes);
    }

    /** Returns the maximum size in bytes of the turns that wait in the head. */
    public int maxWaitingBytes() {
        return tailBytes / 2;
    }

    /**
     * Divides turns into as many pages as they need. It halves them, so that each page has room for
     * more turns: late turns tend to arrive where others have arrived late before.
     *
     * @param turns in order; at least one
     */
    public List<TurnBlock> halve(List<Turn> turns) {
        TurnBlock whole = TurnBlock.of(turns, encoding);
        if (fitsPage(whole) || turns.size() == 1) {
            return List.of(whole);
        }
        int half = turns.size() / 2;
        List<TurnBlock> blocks = new ArrayList<>(halve(turns.subList(0, half)));
        blocks.addAll(halve(turns.subList(half, turns.size())));
        return blocks;
    }

    /**
     * Divides turns into as many pages as they need, each as full as possible.
     *
     * @param turns in order; at least one
     */
    public List<TurnBlock> split(List<Turn> turns) {
        List<TurnBlock> blocks = new ArrayList<>();
        TurnBlock block = TurnBlock.EMPTY;
        for (Turn turn : turns) {
            TurnBlock grown = block.with(turn, encoding);
            if (!block.isEmpty() && !fitsPage(grown)) {
                blocks.add(block);
                grown = TurnBlock.of(List.of(turn), encoding);
            }
            block = grown;
        }
        blocks.add(block);
        return blocks;
    }

    /** Returns a page with as many of the turns as fit, see the other method of this name. */
    public TurnBlock fullPage(List<TurnBlock.Line> turns) {
        return fullPage(turns, TurnBlock.EMPTY.with(turns, encoding));
    }

    /**
     * Returns a page with as many of the turns as fit, at least one. The size of a block is known
     * only after it is deflated, so the search estimates the number of turns and needs fewer
     * attempts than there are turns.
     *
     * @param turns in order; at least one
     * @param all the block with all of the turns
     */
    public TurnBlock fullPage(List<TurnBlock.Line> turns, TurnBlock all) {
        if (fitsPage(all)) {
            return all;
        }
        TurnBlock fitting = TurnBlock.EMPTY;
        TurnBlock tooLarge = all;
        while (fitting.size() + 1 < tooLarge.size()) {
            TurnBlock between =
                    TurnBlock.EMPTY.with(
                            turns.subList(0, estimateSize(fitting, tooLarge)), encoding);
            if (fitsPage(between)) {
                fitting = between;
            } else {
                tooLarge = between;
            }
        }
        return fitting.isEmpty() ? tooLarge : fitting;
    }

    /**
     * Estimates how many turns fit, from the size of a block that fits and of one that does not.
     */
    private int estimateSize(TurnBlock fitting, TurnBlock tooLarge) {
        int freeBytes = pageBytes - fitting.bytes();
        int bytes = Math.max(1, tooLarge.bytes() - fitting.bytes());
        int estimate = fitting.size() + freeBytes * (tooLarge.size() - fitting.size()) / bytes;
        return Math.clamp(estimate, fitting.size() + 1, tooLarge.size() - 1);
    }
}

package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The maximum size of a block of turns, and its encoding.
 *
 * @param maxBytes bytes of the stored form. A single turn may be larger; it then has a separate
 *     page
 * @param encoding how new blocks are stored
 */
public record BlockSize(int maxBytes, TurnBlock.Encoding encoding) {

    /** The depth of nested splits above which the size of a block doubles with each level. */
    private static final int USUAL_DEPTH = 6;

    /** The maximum number of UTF-8 bytes for one UTF-16 unit. */
    private static final int UTF_8_BYTES_OF_A_CHARACTER = 3;

    /**
     * The upper limit for blocks in nested splits: about a third of an item, so that added turns
     * still fit.
     */
    private static final int MAX_DEEP_BYTES = 128 * 1024;

    /**
     * Returns the size of a block at a depth of nested splits. A split has a separate item, so it
     * may be as large as the two pages that share an item. If turns arrive late and each belongs
     * after the one before, every block that they fill is one more nested split. The key of its
     * item is longer, and a search for it reads all pages that it was split from. Larger blocks
     * limit this depth.
     *
     * @param depth 0 for a page, 1 for its splits, 2 for the splits of these
     */
    public BlockSize atDepth(int depth) {
        int doublings = Math.clamp(depth - USUAL_DEPTH, 0, Integer.SIZE - 1);
        int pages = depth == 0 ? 1 : PageKey.PAGES_PER_ITEM;
        long deep = Math.min(((long) maxBytes * pages) << doublings, MAX_DEEP_BYTES);
        return new BlockSize((int) Math.max(maxBytes, deep), encoding);
    }

    boolean fits(TurnBlock block) {
        return block.bytes() <= maxBytes;
    }

    /**
     * Returns the maximum size of the tail in bytes for a session that has no page yet. It is a
     * fifth larger than usual, so that most sessions never need a second item.
     */
    public int maxFirstBytes() {
        return maxBytes * 6 / 5;
    }

    /**
     * Returns the maximum size in bytes of the turns that wait in the head. The tail gets the
     * remaining bytes.
     */
    public int maxWaitingBytes() {
        return maxBytes / 2;
    }

    /** Returns whether the block is a single turn that is too large for a tail. */
    public boolean isLarge(TurnBlock block) {
        return block.size() == 1 && !fits(block);
    }

    /**
     * Returns why a turn can't be stored, because it is larger than an item or than its share of an
     * item; empty if it can be stored.
     *
     * @param maxBytes {@link SessionTable#MAX_BLOCK_BYTES} or {@link
     *     SessionTable#MAX_SHARED_BLOCK_BYTES}
     */
    public Optional<String> refusal(Turn turn, int maxBytes) {
        if (turn.textLength() <= maxBytes / UTF_8_BYTES_OF_A_CHARACTER / 2
                || TurnBlock.of(List.of(turn), encoding).bytes() <= maxBytes) {
            return Optional.empty();
        }
        return Optional.of(
                maxBytes == SessionTable.MAX_BLOCK_BYTES
                        ? "the turn is larger than a DynamoDB item can be, 400 KB"
                        : "the turn is late and larger than its page can store, 199 KB");
    }

    /**
     * Divides turns into as many blocks as they need. It halves them, so that each block has room
     * for more turns: late turns tend to arrive where others have arrived late before.
     *
     * @param turns in order; at least one
     */
    public List<TurnBlock> halve(List<Turn> turns) {
        TurnBlock whole = TurnBlock.of(turns, encoding);
        if (fits(whole) || turns.size() == 1) {
            return List.of(whole);
        }
        int half = turns.size() / 2;
        List<TurnBlock> blocks = new ArrayList<>(halve(turns.subList(0, half)));
        blocks.addAll(halve(turns.subList(half, turns.size())));
        return blocks;
    }

    /**
     * Divides turns into as many blocks as they need, each as full as possible.
     *
     * @param turns in order; at least one
     */
    public List<TurnBlock> split(List<Turn> turns) {
        List<TurnBlock> blocks = new ArrayList<>();
        TurnBlock block = TurnBlock.EMPTY;
        for (Turn turn : turns) {
            TurnBlock grown = block.with(turn, encoding);
            if (!block.isEmpty() && !fits(grown)) {
                blocks.add(block);
                grown = TurnBlock.of(List.of(turn), encoding);
            }
            block = grown;
        }
        blocks.add(block);
        return blocks;
    }

    /**
     * Returns the block with as many of the turns added to its end as fit. The size of a block is
     * known only after it is deflated, so the search estimates the number of turns and needs fewer
     * attempts than there are turns.
     *
     * @param bound maximum size in bytes
     * @param block the block that the turns are added to
     * @param turns in order
     * @param tooMany the block with all of the turns, which is larger than the bound
     */
    public TurnBlock withAsManyAsFit(
            int bound, TurnBlock block, List<TurnBlock.Line> turns, TurnBlock tooMany) {
        TurnBlock fitting = block;
        TurnBlock tooLarge = tooMany;
        while (fitting.size() + 1 < tooLarge.size()) {
            int added = estimateSize(bound, fitting, tooLarge) - block.size();
            TurnBlock between = block.with(turns.subList(0, added), encoding);
            if (between.bytes() <= bound && !isLarge(between)) {
                fitting = between;
            } else {
                tooLarge = between;
            }
        }
        return fitting;
    }

    /**
     * Estimates how many turns fit, from the size of a block that fits and of one that does not.
     */
    private static int estimateSize(int bound, TurnBlock fitting, TurnBlock tooLarge) {
        int freeBytes = bound - fitting.bytes();
        int bytes = Math.max(1, tooLarge.bytes() - fitting.bytes());
        int estimate = fitting.size() + freeBytes * (tooLarge.size() - fitting.size()) / bytes;
        return Math.clamp(estimate, fitting.size() + 1, tooLarge.size() - 1);
    }
}

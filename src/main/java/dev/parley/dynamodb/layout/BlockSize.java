package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How large a block of turns may become, and how it is written.
 *
 * @param maxBytes of the stored form. A single turn may be larger; it has a page of its own
 */
public record BlockSize(int maxBytes, TurnBlock.Encoding encoding) {

    /** Splits of splits, up to which blocks are no larger than others. */
    private static final int USUAL_DEPTH = 6;

    /** Of a UTF-16 unit, at most. */
    private static final int UTF_8_BYTES_OF_A_CHARACTER = 3;

    /** A third of an item, so that what joins it fits. */
    private static final int MAX_DEEP_BYTES = 128 * 1024;

    /**
     * The size of a block in a split of so many splits. A split has its item for itself, so it may
     * be as large as the pages that share one. Turns that come late and each behind the one before
     * nest a split with each block that they fill, whose name grows and which is found by looking
     * at all that it is in; larger ones keep that within bounds.
     */
    public BlockSize atDepth(int depth) {
        int doublings = Math.clamp(depth - USUAL_DEPTH, 0, Integer.SIZE - 1);
        int pages = depth == 0 ? 1 : PageKey.IN_ITEM;
        long deep = Math.min(((long) maxBytes * pages) << doublings, MAX_DEEP_BYTES);
        return new BlockSize((int) Math.max(maxBytes, deep), encoding);
    }

    boolean fits(TurnBlock block) {
        return block.bytes() <= maxBytes;
    }

    /** A session that has no page yet may have a fifth more: most never need a second item. */
    public int maxFirstBytes() {
        return maxBytes * 6 / 5;
    }

    /** What may wait in the head for its page: the tail gets the rest. */
    public int maxWaitingBytes() {
        return maxBytes / 2;
    }

    /** Whether it is a turn that no tail may hold. */
    public boolean isLarge(TurnBlock block) {
        return block.size() == 1 && !fits(block);
    }

    /**
     * Why the turn alone is more than an item holds, or its share of one; empty if it is not.
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
                        ? "the turn is larger than DynamoDB takes in one item, 400 KB"
                        : "the turn is late and larger than its page has room for, 199 KB");
    }

    /**
     * The turns in as many blocks as they need, each with room for more: turns come late where
     * others came late before.
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
     * The turns in as many blocks as they need, each as full as it gets.
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
     * A block and as many of some turns as fit behind it, found in fewer attempts than there are
     * turns: how large a block becomes is only known once it is deflated.
     *
     * @param bound in bytes
     * @param turns in order
     * @param tooMany the block and all of the turns, which don't fit
     */
    public TurnBlock mostThatFit(
            int bound, TurnBlock block, List<TurnBlock.Line> turns, TurnBlock tooMany) {
        TurnBlock most = block;
        TurnBlock more = tooMany;
        while (most.size() + 1 < more.size()) {
            int behind = guess(bound, most, more) - block.size();
            TurnBlock between = block.with(turns.subList(0, behind), encoding);
            if (between.bytes() <= bound && !isLarge(between)) {
                most = between;
            } else {
                more = between;
            }
        }
        return most;
    }

    /** How many turns should fit, by what those that do and those that don't take. */
    private static int guess(int bound, TurnBlock most, TurnBlock more) {
        int room = bound - most.bytes();
        int bytes = Math.max(1, more.bytes() - most.bytes());
        int fitting = most.size() + room * (more.size() - most.size()) / bytes;
        return Math.clamp(fitting, most.size() + 1, more.size() - 1);
    }
}

package dev.parley.dynamodb;

import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * How large a block of turns may become, and how it is written.
 *
 * @param maxBytes of the stored form. A single turn may be larger; it has a page of its own
 */
record BlockSize(int maxBytes, TurnBlock.Encoding encoding) {

    boolean fits(TurnBlock block) {
        return block.bytes() <= maxBytes;
    }

    /** A session that has no page yet may have a fifth more: most never need a second item. */
    boolean fitsFirst(TurnBlock block) {
        return block.bytes() <= maxBytes * 6 / 5;
    }

    /** Whether it is a turn that no tail may hold. */
    boolean isLarge(TurnBlock block) {
        return block.size() == 1 && !fits(block);
    }

    /**
     * The turns in as many blocks as they need, each as full as it gets.
     *
     * @param turns in order; at least one
     */
    List<TurnBlock> split(List<Turn> turns) {
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
}

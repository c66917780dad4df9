package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The turns that were last put into pages. Together with the tail these are at least {@value
 * #REMEMBERED} turns of a session. A duplicate of one of them is recognized by its id, whatever
 * time it states. A writer keeps them in memory while it writes a session. A writer that begins to
 * write a session reads them from the newest item of pages, which contains its own turns and the
 * fingerprints of the turns before them.
 *
 * @param inOrder turns in the newest item of pages, and turns that were stored before this item was
 *     begun
 * @param late late turns that were put into other pages since then; the head contains them
 */
public record RecentTurns(Fingerprints inOrder, Fingerprints late) {

    static final int REMEMBERED = 128;

    public static final RecentTurns NONE = new RecentTurns(Fingerprints.NONE, Fingerprints.NONE);

    /**
     * Returns whether a duplicate or a former revision of the turn may be in any page: the turn may
     * be one of these, or its revision shows that there is a former one.
     */
    public boolean mayHaveFormer(Turn turn) {
        Turn.Identity identity = turn.identity();
        return turn.revision() > 0 || inOrder.mayContain(identity) || late.mayContain(identity);
    }

    /**
     * Returns the fingerprints that a new item stores of the turns before it.
     *
     * @param first the first page of the item
     */
    public Fingerprints before(TurnBlock first) {
        return inOrder.plus(late).last(REMEMBERED - first.size());
    }

    /** Returns these turns and those of a page that begins a new item. */
    public RecentTurns begin(TurnBlock page) {
        return new RecentTurns(inOrder.plus(late), Fingerprints.NONE).add(page);
    }

    /** Returns these turns and those of a page that is added to the newest item. */
    public RecentTurns add(TurnBlock page) {
        return new RecentTurns(inOrder.plus(page.identities().toList()).last(REMEMBERED), late);
    }

    /**
     * Returns these turns and further late turns.
     *
     * @param inNewest those that were put into the newest item
     * @param elsewhere those that were put into other items
     */
    public RecentTurns addLate(
            Collection<Turn.Identity> inNewest, Collection<Turn.Identity> elsewhere) {
        return new RecentTurns(
                inOrder.plus(inNewest).last(REMEMBERED), late.plus(elsewhere).last(REMEMBERED));
    }

    /**
     * Returns the turns that an item of pages lists.
     *
     * @param before the fingerprints that the item stores of the turns before it
     * @param pages the pages of the item
     */
    public static Fingerprints inOrder(Fingerprints before, Stream<TurnBlock> pages) {
        return before.plus(pages.flatMap(TurnBlock::identities).toList()).last(REMEMBERED);
    }
}

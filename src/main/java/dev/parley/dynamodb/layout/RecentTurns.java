package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The turns that were put into pages last, at least {@value #REMEMBERED} of a session together with
 * its tail: a turn that comes again is known by its id, whatever time the copy tells. Who writes a
 * session knows them; who begins to write it reads them from the newest item of pages, which has
 * the turns of its own pages and the fingerprints of those before.
 *
 * @param inOrder those that are in the newest item of pages, or were stored before it was begun
 * @param late those that came late into other pages since; they are kept in the head
 */
public record RecentTurns(Fingerprints inOrder, Fingerprints late) {

    static final int REMEMBERED = 128;

    public static final RecentTurns NONE = new RecentTurns(Fingerprints.NONE, Fingerprints.NONE);

    /**
     * Whether a copy or a former revision of a turn may be in a page, wherever: it is one of these,
     * or says itself that there is a former revision.
     */
    public boolean mayHaveFormer(Turn turn) {
        Turn.Identity identity = turn.identity();
        return turn.revision() > 0 || inOrder.mayContain(identity) || late.mayContain(identity);
    }

    /** What an item that begins now says of the turns before it. */
    public Fingerprints before(TurnBlock first) {
        return inOrder.plus(late).last(REMEMBERED - first.size());
    }

    /** With the turns of a page that begins an item. */
    public RecentTurns begin(TurnBlock page) {
        return new RecentTurns(inOrder.plus(late), Fingerprints.NONE).add(page);
    }

    /** With the turns of a page that joins the newest item. */
    public RecentTurns add(TurnBlock page) {
        return new RecentTurns(inOrder.plus(page.identities().toList()).last(REMEMBERED), late);
    }

    /** With turns that came late: some into the newest item, some into others. */
    public RecentTurns addLate(
            Collection<Turn.Identity> inNewest, Collection<Turn.Identity> elsewhere) {
        return new RecentTurns(
                inOrder.plus(inNewest).last(REMEMBERED), late.plus(elsewhere).last(REMEMBERED));
    }

    /** As an item of pages tells them. */
    public static Fingerprints inOrder(Fingerprints before, Stream<TurnBlock> pages) {
        return before.plus(pages.flatMap(TurnBlock::identities).toList()).last(REMEMBERED);
    }
}

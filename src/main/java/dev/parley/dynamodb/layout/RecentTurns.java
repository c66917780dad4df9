package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The turns that were last put into pages. Together with the tail these are at least {@value
 * #REMEMBERED} turns of a session. A duplicate of one of them is recognized by its id, whatever
 * time it states. A writer keeps them in memory while it writes a session. A writer that begins to
 * write a session reads them from the newest pages, which list them: each page contains its own
 * turns. Every eighth page also contains fingerprints of the turns before it. They would make every
 * write of a page dearer, so the pages in between contain fingerprints only of turns that none of
 * these pages contains.
 *
 * @param inOrder turns in the newest pages, and turns that were stored before these pages
 * @param late turns that were put into other pages since the newest page was begun; the head
 *     contains them
 */
public record RecentTurns(Fingerprints inOrder, Fingerprints late) {

    static final int REMEMBERED = 128;

    /** The distance of pages that contain the fingerprints of all remembered turns before them. */
    private static final int PAGES_FROM_LIST_TO_LIST = 8;

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
     * Returns the fingerprints that a new page contains of turns before it. A version of Parley
     * that knows only the first format reads only the newest page, so that page has all of them.
     *
     * @param number the number of the page
     * @param page its turns
     */
    public Fingerprints before(int number, TurnBlock page, Format format) {
        return format == Format.FIRST || number == firstToRead(number)
                ? inOrder.plus(late).last(REMEMBERED - page.size())
                : late;
    }

    /**
     * Returns the number of the first page that has to be read, so that it and those after it list
     * all of these turns.
     *
     * @param newest the number of the newest page
     */
    public static int firstToRead(int newest) {
        int distance = PAGES_FROM_LIST_TO_LIST * PageKey.STEP;
        return newest / distance * distance;
    }

    /** Returns these turns and those of a page that is begun. */
    public RecentTurns begin(TurnBlock page) {
        return new RecentTurns(inOrder.plus(late), Fingerprints.NONE).add(page.identities());
    }

    /** Returns these turns and those that are added to the newest page. */
    public RecentTurns add(Stream<Turn.Identity> turns) {
        return new RecentTurns(inOrder.plus(turns.toList()).last(REMEMBERED), late);
    }

    /**
     * Returns these turns and late turns that were put into pages.
     *
     * @param listed those in pages that list them, see {@link #firstToRead}
     * @param elsewhere those in other pages and in splits
     */
    public RecentTurns addLate(
            Collection<Turn.Identity> listed, Collection<Turn.Identity> elsewhere) {
        return new RecentTurns(
                inOrder.plus(listed).last(REMEMBERED), late.plus(elsewhere).last(REMEMBERED));
    }

    /**
     * Returns these turns and those that an item lists: the ones that it contains, and those before
     * them of which it contains fingerprints.
     *
     * @param pages the pages in the item
     */
    public RecentTurns addListed(Map<String, AttributeValue> item, List<StoredPage> pages) {
        Stream<Turn.Identity> contained =
                pages.stream().flatMap(page -> page.page().turns().identities());
        return new RecentTurns(
                        inOrder.plus(Fingerprints.stored(item.get(SessionTable.TURNS_BEFORE))),
                        late)
                .add(contained);
    }
}

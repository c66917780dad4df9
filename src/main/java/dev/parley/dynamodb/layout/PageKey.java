package dev.parley.dynamodb.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Identifies a page of a session. Pages have even numbers, in the order in which they were begun,
 * which is also their order in time. If late turns make a page too large, the page is split: its
 * later turns become further pages. The names of these pages are derived from its name, so that no
 * other page gets a new number:
 *
 * <pre>
 *   page      item
 *   6         s-42#p6      the oldest part of page 6
 *   6, 2      s-42#p6.2    the next part, which is the second split of page 6
 *   6, 1      s-42#p6.1    the last part, which is the first split of page 6
 *   8         s-42#p8
 * </pre>
 *
 * <p>A split comes directly after its page, before the splits that were made earlier. A split can
 * be split itself.
 *
 * <p>The first versions of Parley stored two pages in an item. There may be such items, and then
 * page 7 is the second page in {@code s-42#p6}. No such page is begun any more.
 *
 * @param number number of the page
 * @param splits number of the split of the page, then of the split of that split, and so on; empty
 *     for the page itself
 */
public record PageKey(int number, List<Integer> splits) {

    /** The difference between the numbers of two items. */
    public static final int STEP = 2;

    public PageKey {
        splits = List.copyOf(splits);
    }

    public static PageKey of(int number) {
        return new PageKey(number, List.of());
    }

    public PageKey split(int split) {
        List<Integer> path = new ArrayList<>(splits);
        path.add(split);
        return new PageKey(number, path);
    }

    /** Returns the lowest number of an item that is not less than the given number. */
    public static int nextItem(int number) {
        return Math.ceilDiv(number, STEP) * STEP;
    }

    /** Returns the number of the item that contains the given page. */
    public static int itemNumber(int number) {
        return number - number % STEP;
    }

    public boolean isSecondOfItem() {
        return splits.isEmpty() && number % STEP != 0;
    }

    /** Returns the partition key of the item that contains the page. */
    public String itemKey(String sessionId) {
        int numberInKey = splits.isEmpty() ? itemNumber(number) : number;
        return sessionId
                + "#p"
                + numberInKey
                + splits.stream().map(split -> "." + split).collect(Collectors.joining());
    }
}

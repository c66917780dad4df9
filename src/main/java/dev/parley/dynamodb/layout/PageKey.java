package dev.parley.dynamodb.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names a page. Pages of a session are numbered as they are sealed, and so in time; two share an
 * item. A page that grew too large by turns that came late is split: what stands behind becomes
 * pages of their own, named after it, so that nobody else has to be renumbered:
 *
 * <pre>
 *   page      item
 *   6         s-42#p6      the oldest part of page 6
 *   6, 2      s-42#p6.2    then this,     the second split of page 6
 *   6, 1      s-42#p6.1    and then this, the first split of it
 *   7         s-42#p6      page 7, beside the first part of page 6
 *   8         s-42#p8
 * </pre>
 *
 * <p>A split stands directly behind its page, before the splits that were made earlier. It may be
 * split itself. An odd number may be left out: a page of one large turn has its item for itself.
 *
 * @param number of the page
 * @param splits numbers of the split of the page, of the split of that split, and so on
 */
public record PageKey(int number, List<Integer> splits) {

    /** Pages that share an item. */
    public static final int IN_ITEM = 2;

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

    /** The first number of an item, at or above that one. */
    public static int nextItem(int number) {
        return Math.ceilDiv(number, IN_ITEM) * IN_ITEM;
    }

    /** The number of the first page of the item that has that page. */
    public static int itemNumber(int number) {
        return number - number % IN_ITEM;
    }

    public boolean isSecondOfItem() {
        return splits.isEmpty() && number % IN_ITEM != 0;
    }

    /** The partition key of the item that holds the page. */
    public String itemIn(String sessionId) {
        int named = splits.isEmpty() ? itemNumber(number) : number;
        return sessionId
                + "#p"
                + named
                + splits.stream().map(split -> "." + split).collect(Collectors.joining());
    }
}

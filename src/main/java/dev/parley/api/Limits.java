package dev.parley.api;

/** How many items a client may ask for at once. */
final class Limits {

    static final int MAX = 500;

    private Limits() {}

    /** The limit, or the maximum if it is more; what is no positive number is a problem. */
    static int coerced(String limit) {
        boolean digits = !limit.isEmpty() && limit.chars().allMatch(c -> c >= '0' && c <= '9');
        String significant = limit.replaceFirst("^0+", "");
        if (!digits || significant.isEmpty()) {
            throw Problems.badRequest("limit must be a whole number, 1 or more");
        }
        return significant.length() > Integer.toString(MAX).length()
                ? MAX
                : Math.min(MAX, Integer.parseInt(significant));
    }
}

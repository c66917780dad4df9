package dev.parley.bench;

/**
 * One line of the table that is printed.
 *
 * @param goal empty where the figure only explains another
 */
public record Row(String what, String measured, String goal) {

    String markdown() {
        return "| %s | %s | %s |".formatted(what, measured, goal);
    }
}

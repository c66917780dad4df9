package dev.parley.api.stream;

/**
 * An event in the wire format of <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-Sent Events</a>.
 */
public record ServerSentEvent(String text) {

    /** A comment, which clients ignore. It shows both sides whether the other one is gone. */
    public static final ServerSentEvent COMMENT = new ServerSentEvent(":\n\n");

    boolean isComment() {
        return equals(COMMENT);
    }

    /**
     * Returns an event with that name, without an id.
     *
     * @param data JSON without line feeds
     */
    public static ServerSentEvent of(String name, String data) {
        return new ServerSentEvent(
                "event: %s\ndata: %s\n\n".formatted(name, JsonLines.onOneLine(data)));
    }

    /** Returns the same event with an id, which the client sends when it reconnects. */
    public ServerSentEvent withId(String id) {
        return new ServerSentEvent("id: " + id + "\n" + text);
    }
}

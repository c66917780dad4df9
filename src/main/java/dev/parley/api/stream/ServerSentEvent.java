package dev.parley.api.stream;

/**
 * An event as <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-Sent
 * Events</a> has it on the wire.
 */
public record ServerSentEvent(String text) {

    /** Nobody sees it, but both sides notice by it that the other is gone. */
    public static final ServerSentEvent COMMENT = new ServerSentEvent(":\n\n");

    boolean isComment() {
        return equals(COMMENT);
    }

    /**
     * An event of that name, without an id.
     *
     * @param data JSON without line feeds
     */
    public static ServerSentEvent of(String name, String data) {
        return new ServerSentEvent(
                "event: %s\ndata: %s\n\n".formatted(name, JsonLines.onOneLine(data)));
    }

    /** The same, with the id that the client sends when it comes back. */
    public ServerSentEvent withId(String id) {
        return new ServerSentEvent("id: " + id + "\n" + text);
    }
}

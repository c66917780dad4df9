package dev.parley.api;

/**
 * An event as <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-Sent
 * Events</a> has it on the wire.
 */
record ServerSentEvent(String text) {

    /** Nobody sees it, but both sides notice by it that the other is gone. */
    static final ServerSentEvent COMMENT = new ServerSentEvent(":\n\n");

    boolean isComment() {
        return equals(COMMENT);
    }

    /**
     * @param data JSON without line feeds
     */
    static ServerSentEvent of(String name, String data) {
        return new ServerSentEvent(
                "event: %s\ndata: %s\n\n".formatted(name, JsonLines.onOneLine(data)));
    }

    /** The same, with the id that the client sends when it comes back. */
    ServerSentEvent withId(String id) {
        return new ServerSentEvent("id: " + id + "\n" + text);
    }
}

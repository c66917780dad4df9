package dev.parley.api;

import java.util.ArrayList;
import java.util.List;

/**
 * A request, in most cases an invalid or unusual one, and the response that it must get: {@code
 * get("/sessions/%zz").is(400, "not a URI")}.
 *
 * @param host whether the request has the header {@code Host}
 * @param status the status that the response must have
 * @param detail a text that the detail of the problem must contain
 */
record InvalidRequest(
        String method,
        String target,
        String version,
        boolean host,
        List<String> headers,
        String body,
        int status,
        String detail) {

    private static final int MAX_SHOWN = 60;

    static InvalidRequest get(String target) {
        return call("GET", target);
    }

    static InvalidRequest call(String method, String target) {
        return new InvalidRequest(method, target, "HTTP/1.1", true, List.of(), "", 0, "");
    }

    /** Returns the same request with another header line, which is sent as it is. */
    InvalidRequest with(String header) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        return new InvalidRequest(method, target, version, host, more, body, status, detail);
    }

    InvalidRequest withoutHost() {
        return new InvalidRequest(method, target, version, false, headers, body, status, detail);
    }

    InvalidRequest over(String protocol) {
        return new InvalidRequest(method, target, protocol, host, headers, body, status, detail);
    }

    InvalidRequest withBody(String type, String text) {
        InvalidRequest typed =
                with("Content-Type: " + type).with("Content-Length: " + text.length());
        return new InvalidRequest(
                method, target, version, host, typed.headers, text, status, detail);
    }

    InvalidRequest is(int expected) {
        return is(expected, "");
    }

    InvalidRequest is(int expected, String partOfDetail) {
        return new InvalidRequest(
                method, target, version, host, headers, body, expected, partOfDetail);
    }

    /** Returns the request as it is sent. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target).append(' ').append(version).append("\r\n");
        if (host) {
            text.append("Host: parley\r\n");
        }
        headers.forEach(header -> text.append(header).append("\r\n"));
        return text.append("Connection: close\r\n\r\n").append(body).toString();
    }

    /** Returns a short text that names the request in the reports of tests. */
    @Override
    public String toString() {
        String all = method + " " + target + " " + version + " " + String.join(", ", headers);
        String printable = all.replaceAll("[^ -~]", "?");
        boolean fits = printable.length() <= MAX_SHOWN;
        return (fits ? printable : printable.substring(0, MAX_SHOWN) + "…") + " is " + status;
    }
}

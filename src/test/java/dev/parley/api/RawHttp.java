package dev.parley.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends requests as they are: nothing is encoded, normalised or checked before it is sent. */
final class RawHttp {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\d\\.\\d (\\d{3}).*");
    private static final String END_OF_HEAD = "\r\n\r\n";

    /**
     * A response. The names of headers are in lower case. The body of an event stream, which has no
     * end, is left empty.
     */
    record Answer(int status, Map<String, String> headers, String body) {

        String contentType() {
            return headers.getOrDefault("content-type", "");
        }

        boolean isProblem() {
            return contentType().startsWith("application/problem+json");
        }
    }

    private RawHttp() {}

    /**
     * Sends a request and reads the response.
     *
     * @param request the complete request, one byte for each character. It has the header {@code
     *     Connection: close}, or is so invalid that the service closes the connection.
     */
    static Answer exchange(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            send(socket, request.getBytes(ISO_8859_1));
            return answer(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends as much of the request as the service reads. The service may respond and close the
     * connection before it has read everything.
     */
    private static void send(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // Reading the response shows whether the service has sent one.
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        List<String> lines = head(in).lines().toList();
        Matcher status = STATUS_LINE.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (!status.matches()) {
            throw new IOException("the response has no status line: " + lines);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        Answer withoutBody = new Answer(Integer.parseInt(status.group(1)), headers, "");
        if (withoutBody.contentType().startsWith("text/event-stream")) {
            return withoutBody;
        }
        byte[] body = in.readAllBytes();
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            body = joinChunks(new String(body, ISO_8859_1)).getBytes(ISO_8859_1);
        }
        return new Answer(withoutBody.status(), headers, new String(body, UTF_8));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith(END_OF_HEAD)) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    private static String joinChunks(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = chunks.indexOf("\r\n", at);
            int length = Integer.parseInt(chunks.substring(at, lineEnd), 16);
            if (length == 0) {
                return body.toString();
            }
            int start = lineEnd + 2;
            body.append(chunks, start, start + length);
            at = start + length + 2;
        }
    }
}

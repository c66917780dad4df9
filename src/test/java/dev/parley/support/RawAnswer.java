package dev.parley.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** An answer from a bare socket that takes in little more than what is read, with its trailers. */
public final class RawAnswer implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 4_096;
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String statusLine;
    private final Map<String, String> headers;
    private Map<String, String> trailers = Map.of();

    private RawAnswer(URI uri, Map<String, String> requestHeaders) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        StringBuilder request = new StringBuilder("GET ");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        request.append(uri.getRawPath()).append(query).append(" HTTP/1.1\r\nHost: parley\r\n");
        requestHeaders.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
        in = new BufferedInputStream(socket.getInputStream(), RECEIVE_BUFFER);
        statusLine = line();
        headers = fields();
    }

    /** Asks, and reads the head of the answer. */
    public static RawAnswer to(URI uri, Map<String, String> requestHeaders) throws IOException {
        return new RawAnswer(uri, requestHeaders);
    }

    /** HTTP/1.1 200 OK. */
    public int status() {
        return Integer.parseInt(statusLine.substring(9, 12));
    }

    /**
     * The header of that name.
     *
     * @param name in lower case
     */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Those of a body that has been read to its end, with names in lower case. */
    public Map<String, String> trailers() {
        return trailers;
    }

    /** Some more of a chunked body; nothing at its end. */
    public byte[] chunk() throws IOException {
        byte[] chunk = in.readNBytes(Integer.parseInt(line(), 16));
        if (chunk.length == 0) {
            trailers = fields();
        } else {
            line();
        }
        return chunk;
    }

    /**
     * What is left of a chunked body.
     *
     * @throws IOException if it breaks off
     */
    public byte[] rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            rest.writeBytes(chunk);
        }
        return rest.toByteArray();
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            fields.put(name, line.substring(colon + 1).strip());
        }
        return fields;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

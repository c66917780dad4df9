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

/**
 * An HTTP response with its trailers, read from a plain socket. The receive buffer is small, so
 * that the socket receives little more than what the test reads.
 */
public final class RawResponse implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 4_096;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String statusLine;
    private final Map<String, String> headers;
    private Map<String, String> trailers = Map.of();

    private RawResponse(URI uri, Map<String, String> requestHeaders) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        StringBuilder request = new StringBuilder("GET ");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        request.append(uri.getRawPath()).append(query).append(" HTTP/1.1\r\nHost: parley\r\n");
        requestHeaders.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
        in = new BufferedInputStream(socket.getInputStream(), RECEIVE_BUFFER);
        statusLine = readLine();
        headers = readFields();
    }

    /** Sends a GET request, and reads the status and the headers of the response. */
    public static RawResponse get(URI uri, Map<String, String> requestHeaders) throws IOException {
        return new RawResponse(uri, requestHeaders);
    }

    /** Returns the status code, which is 200 for {@code HTTP/1.1 200 OK}. */
    public int status() {
        return Integer.parseInt(statusLine.substring(9, 12));
    }

    /**
     * Returns the header with the given name; empty if there is none.
     *
     * @param name in lower case
     */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /**
     * Returns the trailers by their names in lower case, after the body has been read to its end.
     */
    public Map<String, String> trailers() {
        return trailers;
    }

    /** Returns the next chunk of a chunked body; empty at its end. */
    public byte[] chunk() throws IOException {
        byte[] chunk = in.readNBytes(Integer.parseInt(readLine(), 16));
        if (chunk.length == 0) {
            trailers = readFields();
        } else {
            readLine();
        }
        return chunk;
    }

    /**
     * Returns the rest of a chunked body.
     *
     * @throws IOException if the connection ends before the body
     */
    public byte[] rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            rest.writeBytes(chunk);
        }
        return rest.toByteArray();
    }

    private Map<String, String> readFields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            fields.put(name, line.substring(colon + 1).strip());
        }
        return fields;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before the response");
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

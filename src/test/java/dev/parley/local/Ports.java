package dev.parley.local;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports. A server may need some time until it listens, so each port is reserved for the
 * requesting JVM until that JVM ends: no other test run on this machine gets it.
 */
public final class Ports {

    /** The ports are below the range that Linux uses for outgoing connections. */
    private static final int LOWEST_FREE_PORT = 20_000;

    private static final int HIGHEST_FREE_PORT = 32_000;

    private static final Path RESERVATIONS =
            Path.of(System.getProperty("java.io.tmpdir"), "parley-ports");

    /** The locked files. They stay open until this JVM ends, as closing one releases its lock. */
    private static final Map<Integer, FileChannel> RESERVED = new ConcurrentHashMap<>();

    private Ports() {}

    /** Reserves any free port. Outgoing connections don't use it while its server restarts. */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(LOWEST_FREE_PORT, HIGHEST_FREE_PORT)
                .filter(Ports::reserve)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow();
    }

    /** Reserves the port. Returns false if this JVM or another one has reserved it. */
    private static synchronized boolean reserve(int port) {
        if (RESERVED.containsKey(port)) {
            return false;
        }
        try {
            Files.createDirectories(RESERVATIONS);
            FileChannel file = FileChannel.open(RESERVATIONS.resolve("" + port), CREATE, WRITE);
            if (file.tryLock() == null) {
                file.close();
                return false;
            }
            return RESERVED.putIfAbsent(port, file) == null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the requested port if it is free, or any free port if 0 is requested.
     *
     * @throws IllegalStateException if the port is in use; the message explains what to do
     */
    static int free(String owner, int requested) {
        if (requested == 0) {
            return free();
        }
        requireFree(owner, requested);
        return requested;
    }

    /**
     * @throws IllegalStateException if the port is in use; the message explains what to do
     */
    static void requireFree(String owner, int port) {
        if (!isFree(port)) {
            throw new IllegalStateException(
                    "%s needs port %d, which is in use: stop the process that listens on it (lsof -i :%d shows it), then try again."
                            .formatted(owner, port, port));
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

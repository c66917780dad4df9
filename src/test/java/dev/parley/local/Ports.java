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
 * Ports that nobody listens on. A server may take long until it listens, so a port is reserved for
 * the JVM that asked for it until that ends: no other test run on this machine is given it.
 */
public final class Ports {

    /** Below the range from which Linux gives out ports for outgoing connections. */
    private static final int LOWEST_FREE_PORT = 20_000;

    private static final int HIGHEST_FREE_PORT = 32_000;

    private static final Path RESERVATIONS =
            Path.of(System.getProperty("java.io.tmpdir"), "parley-ports");

    /** Held for as long as this JVM lives; closing a channel would give its lock up. */
    private static final Map<Integer, FileChannel> RESERVED = new ConcurrentHashMap<>();

    private Ports() {}

    /** Any free one. It stays free while its owner restarts, as far as outgoing connections go. */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(LOWEST_FREE_PORT, HIGHEST_FREE_PORT)
                .filter(Ports::reserve)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow();
    }

    /** Reserves the port; false if this JVM or another one has it. */
    private static boolean reserve(int port) {
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
     * The port itself if nobody listens there; any free one for 0.
     *
     * @throws IllegalStateException if something listens there; the message tells what to do
     */
    static int free(String owner, int wanted) {
        if (wanted == 0) {
            return free();
        }
        requireFree(owner, wanted);
        return wanted;
    }

    /**
     * @throws IllegalStateException if something listens there; the message tells what to do
     */
    static void requireFree(String owner, int port) {
        if (!isFree(port)) {
            throw new IllegalStateException(
                    "Port %d, which %s needs, is taken: end the process that listens there (lsof -i :%d tells which), then try again."
                            .formatted(port, owner, port));
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

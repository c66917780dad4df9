package dev.parley.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on. */
public final class Ports {

    /** Below the range from which Linux gives out ports for outgoing connections. */
    private static final int LOWEST_FREE_PORT = 20_000;

    private static final int HIGHEST_FREE_PORT = 32_000;

    private Ports() {}

    /** Any free one. It stays free while its owner restarts, as far as outgoing connections go. */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(LOWEST_FREE_PORT, HIGHEST_FREE_PORT)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow();
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

package dev.parley.local;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Balances connections over several instances at one address, as a Service of Kubernetes does. It
 * chooses an instance for each connection and ignores the requests on it. An open connection
 * therefore stays with its instance, even if that instance gets no new connections.
 */
public final class ConnectionBalancer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final NetClient instances = vertx.createNetClient();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<Integer, AtomicInteger> open = new ConcurrentHashMap<>();
    private final NetServer server;
    private volatile List<Integer> ports = List.of();

    /** Listens on a free port of 127.0.0.1. */
    public ConnectionBalancer() {
        server =
                vertx.createNetServer()
                        .connectHandler(this::connect)
                        .listen(0, HOST)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
    }

    /** From now on distributes new connections over these instances, one after the other. */
    public void sendTo(List<ServiceProcess> services) {
        ports = services.stream().map(ConnectionBalancer::port).toList();
    }

    /** Returns how many connections to that instance are open. */
    public int openConnections(ServiceProcess service) {
        return openAt(port(service)).get();
    }

    private static int port(ServiceProcess service) {
        return service.uriForReaders("/").getPort();
    }

    private AtomicInteger openAt(int port) {
        return open.computeIfAbsent(port, key -> new AtomicInteger());
    }

    public URI uri(String path) {
        return URI.create("http://" + HOST + ":" + server.actualPort() + path);
    }

    private void connect(NetSocket client) {
        client.pause();
        int port = ports.get(connections.getAndIncrement() % ports.size());
        instances
                .connect(port, HOST)
                .onSuccess(
                        instance -> {
                            openAt(port).incrementAndGet();
                            instance.closeHandler(closed -> openAt(port).decrementAndGet());
                            pipe(client, instance);
                            pipe(instance, client);
                        })
                .onFailure(failed -> client.close());
    }

    /** Copies the data of one connection to the other, and closes the target if that fails. */
    private static void pipe(NetSocket from, NetSocket to) {
        from.pipeTo(to).onFailure(failed -> to.close());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}

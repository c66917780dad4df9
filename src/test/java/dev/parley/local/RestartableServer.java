package dev.parley.local;

import static dev.parley.support.Timeouts.TIMEOUT;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a server in its own JVM. After a restart it has the same port and the same data. */
public final class RestartableServer {

    private final List<String> jvmOptions;
    private final Class<?> main;
    private final List<String> arguments;
    private @Nullable Process process;
    private String address = "";

    RestartableServer(List<String> jvmOptions, Class<?> main, String... arguments) {
        this.jvmOptions = jvmOptions;
        this.main = main;
        this.arguments = List.of(arguments);
    }

    /** Starts the server and waits until it accepts requests. */
    public void start() {
        Process started = ChildJvm.launch(jvmOptions, main, arguments.toArray(String[]::new));
        process = started;
        address = ChildJvm.awaitReady(started);
    }

    /** Returns the address of the server, which is the same after a restart. */
    String address() {
        return address;
    }

    /** Terminates the server in order and waits until it has ended. */
    public void stop() {
        end(Process::destroy);
    }

    /** Kills the server, as {@code kill -9} does, and waits until it has ended. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private void end(Consumer<Process> signal) {
        Process running = process;
        if (running != null) {
            signal.accept(running);
            await(running);
            process = null;
        }
    }

    private static void await(Process server) {
        try {
            if (!server.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("A server still runs after " + TIMEOUT);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("The wait for the end of a server was interrupted", e);
        }
    }
}

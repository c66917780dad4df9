package dev.parley.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server in a JVM of its own, which goes and comes back on its port with its data. */
public final class RestartableServer {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

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

    /** Starts it and waits until it serves. */
    public void start() {
        Process started = ChildJvm.launch(jvmOptions, main, arguments.toArray(String[]::new));
        process = started;
        address = ChildJvm.awaitReady(started);
    }

    /** Where it listens, the same each time. */
    String address() {
        return address;
    }

    /** Asks it to end, and waits until it has. */
    public void stop() {
        end(Process::destroy);
    }

    /** As {@code kill -9} does. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private void end(Consumer<Process> how) {
        Process running = process;
        if (running != null) {
            how.accept(running);
            await(running);
            process = null;
        }
    }

    private static void await(Process ending) {
        try {
            if (!ending.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("a server still runs after " + PATIENCE);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a server ends", e);
        }
    }
}

package dev.parley.local;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the process that started this JVM. When that process ends for any reason, this JVM and
 * the other children of that process end as well. Without this, the JVM in which quarkus:dev runs
 * the service would outlive a Maven that was killed.
 */
final class ParentProcess {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

    /** Starts to watch. The children are collected all the time, as a killed process lists none. */
    static void endWithIt(Runnable cleanUp) {
        ParentProcess watched = new ParentProcess();
        var _ = watched.parent.onExit().thenRun(() -> watched.endAll(cleanUp));
        Thread.ofVirtual().start(watched::collectChildren);
    }

    private void collectChildren() {
        try {
            while (parent.isAlive()) {
                parent.children().forEach(children::add);
                Thread.sleep(POLL_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAll(Runnable cleanUp) {
        children.remove(ProcessHandle.current());
        children.forEach(ProcessHandle::destroyForcibly);
        try {
            cleanUp.run();
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }
}

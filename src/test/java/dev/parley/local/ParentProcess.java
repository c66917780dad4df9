package dev.parley.local;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The process that started this JVM. When it goes, however it goes, this JVM and its other children
 * go too: quarkus:dev runs the service in a JVM that would outlive a Maven that was killed.
 */
final class ParentProcess {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

    /** Starts watching. A killed process has no children left to ask for, so it asks all along. */
    static void endWithIt(Runnable cleanUp) {
        ParentProcess watched = new ParentProcess();
        var _ = watched.parent.onExit().thenRun(() -> watched.endAll(cleanUp));
        Thread.ofVirtual().start(watched::lookForChildren);
    }

    private void lookForChildren() {
        try {
            while (parent.isAlive()) {
                parent.children().forEach(children::add);
                Thread.sleep(BETWEEN_LOOKS);
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

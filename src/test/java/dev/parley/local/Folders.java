package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Temporary folders of servers, which may be at work in them still. */
final class Folders {

    /** Linux's file system in memory; other systems have none there. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final long LARGE_ENOUGH = 1L << 30;

    private Folders() {}

    static Path temporary(String name) {
        try {
            return Files.createTempDirectory(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same in memory where that is large enough. It outlives a process, if not the machine, and
     * DynamoDB Local, which waits for the disk with every write, is several times as fast there.
     */
    static Path temporaryInMemory(String name) {
        try {
            return Files.isWritable(MEMORY)
                            && Files.getFileStore(MEMORY).getUsableSpace() >= LARGE_ENOUGH
                    ? Files.createTempDirectory(MEMORY, name)
                    : temporary(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder itself, which is there afterwards. */
    static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it with all that is in it, if it is there. */
    static void delete(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

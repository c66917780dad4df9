package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Creates and deletes the temporary folders of servers, which may still write to them. */
final class TemporaryFolders {

    /** The file system that Linux keeps in memory. Other systems have none at this path. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final long MIN_FREE_BYTES = 1L << 30;

    private TemporaryFolders() {}

    static Path temporary(String name) {
        try {
            return Files.createTempDirectory(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Creates a temporary folder in memory if there is enough space, otherwise on the disk. A
     * folder in memory outlives a process, but not a restart of the machine. DynamoDB Local waits
     * for the disk at every write, so that it is several times as fast in memory.
     */
    static Path temporaryInMemory(String name) {
        try {
            return Files.isWritable(MEMORY)
                            && Files.getFileStore(MEMORY).getUsableSpace() >= MIN_FREE_BYTES
                    ? Files.createTempDirectory(MEMORY, name)
                    : temporary(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates the folder if it does not exist, and returns it. */
    static Path create(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder and its content, if it exists. */
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

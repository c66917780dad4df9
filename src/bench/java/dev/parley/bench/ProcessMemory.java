package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The resident memory of a process in MB, as the operating system reports it.
 *
 * @param resident the current value
 * @param most the maximum since the start of the process
 */
record ProcessMemory(int resident, int most) {

    /** Reads the memory of a process. Works on Linux only. */
    static ProcessMemory of(long pid) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", "" + pid, "status"));
        return new ProcessMemory(megabytes(lines, "VmRSS:"), megabytes(lines, "VmHWM:"));
    }

    private static int megabytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "%d MB resident, at most %d MB".formatted(resident, most);
    }
}

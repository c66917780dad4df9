package dev.parley.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine on which the figures are measured.
 *
 * @param memory the memory in MB
 * @param cpu the model of the CPU; the architecture if the model is unknown
 */
record Machine(int cores, long memory, String cpu, String jdk, String system) {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Machine current() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                SYSTEM.getTotalMemorySize() >> 20,
                cpuModel(),
                Runtime.version().toString(),
                SYSTEM.getName() + " " + SYSTEM.getVersion().replaceFirst("-.*", ""));
    }

    /** Returns the load average of the system over the last minute; negative if it is unknown. */
    static double load() {
        return SYSTEM.getSystemLoadAverage();
    }

    private static String cpuModel() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(SYSTEM.getArch());
        } catch (IOException e) {
            return SYSTEM.getArch();
        }
    }

    @Override
    public String toString() {
        return "%d cores (%s), %d GB, %s, JDK %s"
                .formatted(cores, cpu, Math.round(memory / 1024.0), system, jdk);
    }
}

package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Measures the CPU time of a JVM without its JIT compilers. On two cores, the compilers are busy
 * for minutes and then finished, so that figures with them would mainly show the warm-up. On a
 * system without {@code /proc}, the compilers are included.
 */
public final class CpuTime {

    private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");

    /** The unit of {@code /proc}: USER_HZ is 100 on every Linux. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private final ProcessHandle process;

    /**
     * Ticks of each compiler thread. A thread that has ended keeps the ticks that were read last.
     */
    private final Map<String, Long> compilerTicks = new ConcurrentHashMap<>();

    private Duration usedAtStart = Duration.ZERO;

    private CpuTime(ProcessHandle process) {
        this.process = process;
    }

    /** Measures a process from its start on. */
    static CpuTime of(ProcessHandle process) {
        return new CpuTime(process);
    }

    /** Measures this process from now on. */
    public static CpuTime start() {
        CpuTime cpu = new CpuTime(ProcessHandle.current());
        cpu.usedAtStart = cpu.used();
        return cpu;
    }

    /** Returns the CPU time that was used without the compilers. */
    public Duration used() {
        return all().minus(TICK.multipliedBy(totalCompilerTicks())).minus(usedAtStart);
    }

    /** Returns the CPU time since the start of the process, with the compilers. */
    Duration all() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private long totalCompilerTicks() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            threads.forEach(this::readCompilerTicks);
        } catch (IOException | UncheckedIOException e) {
            // There is no /proc, or the process has just ended. The ticks that were read last are
            // used.
        }
        return compilerTicks.values().stream().mapToLong(Long::longValue).sum();
    }

    private void readCompilerTicks(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), UTF_8);
            int name = stat.indexOf('(') + 1;
            int end = stat.lastIndexOf(')');
            if (COMPILERS.contains(stat.substring(name, end))) {
                List<String> fields = List.of(stat.substring(end + 2).split(" ", -1));
                compilerTicks.put(
                        thread.getFileName().toString(),
                        Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM)));
            }
        } catch (IOException e) {
            // The thread has just ended.
        }
    }
}

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
 * CPU time of a JVM but for its JIT compilers. On two cores those are busy for minutes, and then
 * done for good: with them the figures would tell of the warming up. Where the system has no {@code
 * /proc}, they are included.
 */
public final class CpuTime {

    private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");

    /** In which {@code /proc} counts: USER_HZ, 100 on every Linux. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private final ProcessHandle process;

    /** Ticks of each compiler's thread; one that has ended counts as it was last seen. */
    private final Map<String, Long> compilers = new ConcurrentHashMap<>();

    private Duration before = Duration.ZERO;

    private CpuTime(ProcessHandle process) {
        this.process = process;
    }

    /** That of a process since its start. */
    static CpuTime of(ProcessHandle process) {
        return new CpuTime(process);
    }

    /** That of this process from now on. */
    public static CpuTime start() {
        CpuTime cpu = new CpuTime(ProcessHandle.current());
        cpu.before = cpu.used();
        return cpu;
    }

    public Duration used() {
        return all().minus(TICK.multipliedBy(compiling())).minus(before);
    }

    /** The same with the compilers. */
    Duration all() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private long compiling() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            threads.forEach(this::look);
        } catch (IOException | UncheckedIOException e) {
            // There is no /proc, or the process has just ended: what was seen last counts.
        }
        return compilers.values().stream().mapToLong(Long::longValue).sum();
    }

    private void look(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), UTF_8);
            int name = stat.indexOf('(') + 1;
            int end = stat.lastIndexOf(')');
            if (COMPILERS.contains(stat.substring(name, end))) {
                List<String> fields = List.of(stat.substring(end + 2).split(" ", -1));
                compilers.put(
                        thread.getFileName().toString(),
                        Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM)));
            }
        } catch (IOException e) {
            // The thread has just ended.
        }
    }
}

package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests that the measured CPU time contains the work of the process, but not its JIT compilers. */
@Tag("slow")
class CpuTimeIT {

    private static final Duration WORK = Duration.ofMillis(200);

    @Test
    void used_afterWork_isPositiveAndAtMostAllCpuTime() {
        Duration before = CpuTime.of(ProcessHandle.current()).all();
        CpuTime cpu = CpuTime.start();
        long sum = 0;
        while (cpu.all().minus(before).compareTo(WORK) < 0) {
            sum += ThreadLocalRandom.current().nextInt();
        }

        assertThat(sum).isNotEqualTo(0);
        assertThat(cpu.used()).isPositive().isLessThanOrEqualTo(cpu.all().minus(before));
    }

    /** The JVM that runs this test has already compiled code. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void used_ofAProcessThatHasCompiled_excludesTheCompilers() {
        assertThat(Files.isDirectory(Path.of("/proc/self/task"))).isTrue();

        CpuTime cpu = CpuTime.of(ProcessHandle.current());

        assertThat(cpu.used()).isPositive().isLessThan(cpu.all().minusMillis(100));
    }
}

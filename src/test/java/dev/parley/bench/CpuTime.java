package dev.parley.bench;

import java.time.Duration;

/** CPU time that this process uses from a moment on. */
record CpuTime(Duration before) {

    static CpuTime start() {
        return new CpuTime(now());
    }

    Duration used() {
        return now().minus(before);
    }

    private static Duration now() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
